package dev.thistle.protocol.mse;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.rc4.Rc4;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

final class Keys {
    static final int KEY_BYTES = 96;
    private static final BigInteger P =
            new BigInteger(
                    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563",
                    16);
    private static final BigInteger G = BigInteger.TWO;
    private final BigInteger x;

    Keys(RandomGenerator random) {
        byte[] b = new byte[20];
        random.nextBytes(b);
        x = new BigInteger(1, b);
    }

    byte[] publicKey() {
        return fixed(G.modPow(x, P));
    }

    byte[] secret(byte[] theirs) throws MalformedException {
        BigInteger y = new BigInteger(1, theirs);
        if (y.compareTo(BigInteger.ONE) <= 0 || y.compareTo(P.subtract(BigInteger.ONE)) >= 0) {
            throw new MalformedException(
                    MalformedException.Rule.BAD_VALUE, "mse.public key", "outside 2..P-2");
        }
        return fixed(y.modPow(x, P));
    }

    private static byte[] fixed(BigInteger v) {
        byte[] b = v.toByteArray();
        byte[] f = new byte[KEY_BYTES];
        int n = Math.min(b.length, KEY_BYTES);
        System.arraycopy(b, b.length - n, f, KEY_BYTES - n, n);
        return f;
    }

    static byte[] hash(String tag, byte[]... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-1");
            sha.update(tag.getBytes(StandardCharsets.US_ASCII));
            for (byte[] p : parts) sha.update(p);
            return sha.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] req2(InfoHash t) {
        return hash("req2", t.bytes());
    }

    static Rc4 rc4(String tag, byte[] s, InfoHash t) {
        Rc4 r = new Rc4(hash(tag, s, t.bytes()));
        r.skip(1024);
        return r;
    }

    static byte[] xor(byte[] a, byte[] b) {
        byte[] c = a.clone();
        for (int i = 0; i < c.length; i++) c[i] ^= b[i];
        return c;
    }

    static int find(java.nio.ByteBuffer in, byte[] mark, int maxOffset) {
        for (int o = 0; o <= maxOffset && o + mark.length <= in.remaining(); o++) {
            boolean same = true;
            for (int i = 0; i < mark.length && same; i++)
                same = in.get(in.position() + o + i) == mark[i];
            if (same) return o;
        }
        return -1;
    }
}
