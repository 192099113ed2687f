package dev.thistle.protocol.mse;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.mse.StreamCipher.Rc4Pair;
import dev.thistle.protocol.rc4.Rc4;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The secret S of one conversation and what is made of it. `HASH` is SHA-1 over the plain
/// concatenation, S always as 96 bytes. The owner calls [#erase] once the streams are made.
final class SharedSecret {

    /// Key stream bytes thrown away in each direction: the first ones give away the key.
    private static final int DROPPED_BYTES = 1024;

    /// The length of a `HASH`.
    static final int HASH_BYTES = 160 / Byte.SIZE;

    private final byte[] s;

    /// @param s 96 bytes, taken over
    SharedSecret(byte[] s) {
        this.s = s;
    }

    /// `HASH("req1", S)`: shows the responder where the initiator's pad ends.
    byte[] req1() {
        return hash("req1", s);
    }

    /// `HASH("req2", SKEY)`: names a torrent without saying which.
    static byte[] req2(InfoHash torrent) {
        return hash("req2", torrent.bytes());
    }

    /// `req2 XOR HASH("req3", S)`. Doing it again undoes it.
    byte[] masked(byte[] req2) {
        byte[] masked = hash("req3", s);
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= req2[i];
        }
        return masked;
    }

    /// The streams as the initiator uses them: it enciphers with `keyA` and deciphers with `keyB`.
    Rc4Pair initiatorStreams(InfoHash torrent) {
        return new Rc4Pair(stream("keyA", torrent), stream("keyB", torrent));
    }

    /// The same two streams the other way round.
    Rc4Pair responderStreams(InfoHash torrent) {
        return new Rc4Pair(stream("keyB", torrent), stream("keyA", torrent));
    }

    private Rc4 stream(String name, InfoHash torrent) {
        byte[] key = hash(name, s, torrent.bytes());
        var stream = new Rc4(key);
        Arrays.fill(key, (byte) 0);
        stream.skip(DROPPED_BYTES);
        return stream;
    }

    void erase() {
        Arrays.fill(s, (byte) 0);
    }

    private static byte[] hash(String name, byte[]... parts) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(name.getBytes(StandardCharsets.US_ASCII));
            for (byte[] part : parts) {
                sha1.update(part);
            }
            return sha1.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-1", missing);
        }
    }
}
