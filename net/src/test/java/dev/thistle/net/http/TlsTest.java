package dev.thistle.net.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.thistle.net.TcpNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS against the JDK's own server, with a certificate for `localhost` that nobody but us trusts.
@Timeout(60)
class TlsTest {

    private static final Duration LONG = Duration.ofSeconds(40);
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final byte[] BODY = new byte[300_000];

    private static final TcpNetwork NETWORK = new TcpNetwork();
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static volatile String spoken = "TLSv1.3";
    private static SSLContext context;
    private static HttpsServer server;

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        new Random(1).nextBytes(BODY);
        Path store = dir.resolve("keys.p12");
        makeKeys(store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        var identity = KeyManagerFactory.getInstance("PKIX");
        identity.init(keys, PASSWORD);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(keys);
        context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
        server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        var versions = context.getDefaultSSLParameters();
                        versions.setProtocols(new String[] {spoken});
                        parameters.setSSLParameters(versions);
                    }
                });
        server.setExecutor(THREADS);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(200, BODY.length);
                        exchange.getResponseBody().write(BODY);
                    }
                });
        server.start();
    }

    private static void makeKeys(Path store) throws IOException, InterruptedException {
        Process keytool =
                new ProcessBuilder(
                                List.of(
                                        System.getProperty("java.home") + "/bin/keytool",
                                        "-genkeypair",
                                        "-keyalg",
                                        "EC",
                                        "-alias",
                                        "test",
                                        "-dname",
                                        "CN=localhost",
                                        "-ext",
                                        "san=dns:localhost",
                                        "-storetype",
                                        "PKCS12",
                                        "-storepass",
                                        new String(PASSWORD),
                                        "-keystore",
                                        store.toString()))
                        .redirectErrorStream(true)
                        .start();
        assertThat(keytool.waitFor()).isZero();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
        THREADS.shutdownNow();
        NETWORK.close();
    }

    private static URI uri(String host) {
        return URI.create("https://%s:%d/".formatted(host, server.getAddress().getPort()));
    }

    private static HttpCaller trusting(SSLContext tls) {
        return new HttpCaller(NETWORK, tls, Names.system());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_body_comes_whole_from_a_server_that_is_trusted(String version) throws Exception {
        spoken = version;
        try (var connection = trusting(context).connect(uri("localhost"), LOOPBACK, LONG)) {
            for (int request = 0; request < 3; request++) {
                HttpAnswer answer = connection.get("/", Map.of(), LONG);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.readAll(BODY.length, LONG)).isEqualTo(BODY);
                assertThat(answer.leavesTheConnectionOpen()).isTrue();
            }
        }
    }

    @Test
    void a_server_whose_certificate_nobody_vouches_for_is_refused() throws Exception {
        SSLContext usual = SSLContext.getDefault();
        assertThatThrownBy(() -> trusting(usual).connect(uri("localhost"), LOOPBACK, LONG))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void a_server_whose_certificate_names_another_is_refused() {
        assertThatThrownBy(() -> trusting(context).connect(uri("other.example"), LOOPBACK, LONG))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> trusting(context).connect(uri("127.0.0.1"), LOOPBACK, LONG))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void a_server_that_does_not_shake_hands_is_given_up() throws Exception {
        try (var silent = new ServerSocket(0, 1, LOOPBACK)) {
            URI there = URI.create("https://localhost:" + silent.getLocalPort());
            assertThatThrownBy(() ->
                            trusting(context).connect(there, LOOPBACK, Duration.ofMillis(300)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void a_server_that_speaks_no_tls_is_refused() throws Exception {
        try (var plain = new ServerSocket(0, 1, LOOPBACK)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (var link = plain.accept()) {
                            link.getOutputStream()
                                    .write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(US_ASCII));
                        } catch (IOException over) {
                            // the client hung up
                        }
                    });
            URI there = URI.create("https://localhost:" + plain.getLocalPort());
            assertThatThrownBy(() -> trusting(context).connect(there, LOOPBACK, LONG))
                    .isInstanceOf(IOException.class);
        }
    }
}
