package dev.thistle.lab.background;

import static dev.thistle.lab.background.Der.OCTET_STRING;
import static dev.thistle.lab.background.Der.SEQUENCE;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate of a run's own, for all of its servers: signed with the key it certifies, valid
/// for a day, kept in memory only. Clients trust exactly this one.
///
/// It is X.509 version 3 (RFC 5280) over a P-256 key, with the servers' addresses as subject
/// alternative names, which is all that clients calling `https://10.128.0.1/` look at.
public final class Certificate {

    /// ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758), as an AlgorithmIdentifier.
    private static final byte[] ALGORITHM =
            Der.value(
                    SEQUENCE,
                    new byte[] {0x06, 8, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 4, 3, 2});

    /// id-ce-subjectAltName, 2.5.29.17 (RFC 5280, 4.2.1.6).
    private static final byte[] ALTERNATIVE_NAMES = {0x06, 3, 0x55, 0x1D, 0x11};

    private static final byte[] VERSION_3 = {(byte) 0xA0, 3, 0x02, 1, 2};
    private static final int IP_ADDRESS = 0x87;
    private static final int EXTENSIONS = 0xA3;
    private static final String NAME = "laboratory";

    private final SSLContext server;
    private final SSLContext client;

    /// Makes key and certificate.
    ///
    /// @param servers whose addresses it names
    public Certificate(Collection<InetAddress> servers) {
        try {
            KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = keys.generateKeyPair();
            X509Certificate certificate = sign(pair, servers);
            KeyStore own = emptyStore();
            char[] noPassword = {};
            own.setKeyEntry(
                    NAME, pair.getPrivate(), noPassword, new X509Certificate[] {certificate});
            KeyManagerFactory identity = KeyManagerFactory.getInstance("PKIX");
            identity.init(own, noPassword);
            server = SSLContext.getInstance("TLS");
            server.init(identity.getKeyManagers(), null, null);
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry(NAME, certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            client = SSLContext.getInstance("TLS");
            client.init(null, trust.getTrustManagers(), null);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e); // every JDK has these algorithms
        }
    }

    private static X509Certificate sign(KeyPair pair, Collection<InetAddress> servers)
            throws GeneralSecurityException {
        Instant now = Instant.now();
        byte[][] addresses =
                servers.stream()
                        .map(address -> Der.value(IP_ADDRESS, address.getAddress()))
                        .toArray(byte[][]::new);
        byte[] names = Der.value(OCTET_STRING, Der.value(SEQUENCE, addresses));
        byte[] facts =
                Der.value(
                        SEQUENCE,
                        VERSION_3,
                        Der.integer(new byte[] {1}),
                        ALGORITHM,
                        Der.commonName(NAME),
                        Der.value(
                                SEQUENCE,
                                Der.time(now.minus(Duration.ofHours(1))),
                                Der.time(now.plus(Duration.ofDays(1)))),
                        Der.commonName(NAME),
                        pair.getPublic().getEncoded(),
                        Der.value(
                                EXTENSIONS,
                                Der.value(
                                        SEQUENCE, Der.value(SEQUENCE, ALTERNATIVE_NAMES, names))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(facts);
        byte[] whole = Der.value(SEQUENCE, facts, ALGORITHM, Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(whole));
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /// For those who present it.
    public SSLContext server() {
        return server;
    }

    /// For those who trust it, and nothing else.
    public SSLContext client() {
        return client;
    }
}
