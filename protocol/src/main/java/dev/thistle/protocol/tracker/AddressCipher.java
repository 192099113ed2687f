package dev.thistle.protocol.tracker;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.rc4.Rc4;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The key stream with which BEP 8 hides ports and addresses.
///
///     RC4 key stream   0 ... 767 | 768 ... 771 | 772 ... 775 | 776 ...
///                      dropped   | mask of i   | mask of n   | R[0] R[1] ...
///
/// The key is the info-hash in announces, and in answers without an `iv`; SHA-1 of the info-hash
/// and the iv in answers with one. The eight mask bytes are skipped whether or not they are used.
/// R is produced as far as it is asked for and kept, so any place of it can be used again.
///
/// It hides, it does not protect: everybody who knows the info-hash has the key, and two texts
/// under one iv can be compared. Not thread-safe. Spec: BEP 8, with `n` counted in peers.
public final class AddressCipher {

    /// Bytes of the key stream that are thrown away, as RC4 starts with a bias.
    private static final int DROPPED_BYTES = 768;

    private static final int FIRST_BYTES = 64;

    private final Rc4 rc4;
    private final int indexMask;
    private final int lengthMask;
    private byte[] stream = new byte[0];

    private AddressCipher(byte[] key) {
        rc4 = new Rc4(key);
        rc4.skip(DROPPED_BYTES);
        byte[] masks = new byte[2 * Integer.BYTES];
        rc4.apply(masks, 0, masks.length);
        indexMask = ByteBuffer.wrap(masks).getInt();
        lengthMask = ByteBuffer.wrap(masks).getInt(Integer.BYTES);
    }

    /// The stream for announces, and for answers that carry no iv.
    public static AddressCipher withoutIv(InfoHash infoHash) {
        return new AddressCipher(infoHash.bytes());
    }

    /// The stream for an answer with `iv`. An empty one is hashed like any other.
    public static AddressCipher withIv(InfoHash infoHash, ByteString iv) {
        return new AddressCipher(sha1(infoHash.bytes(), iv.bytes()));
    }

    /// XOR this with `i`.
    public int indexMask() {
        return indexMask;
    }

    /// XOR this with `n`.
    public int lengthMask() {
        return lengthMask;
    }

    /// Changes `length` bytes of `data` from `offset` in place, with R from `position` on.
    public void apply(byte[] data, int offset, int length, int position) {
        reach(position + length);
        for (int k = 0; k < length; k++) {
            data[offset + k] ^= stream[position + k];
        }
    }

    /// As above, with R starting again after `period` bytes.
    ///
    /// @param position below `period`
    void applyWrapped(byte[] data, long position, long period) {
        reach((int) Math.min(period, position + data.length));
        int at = (int) position;
        for (int k = 0; k < data.length; k++) {
            data[k] ^= stream[at];
            at = at + 1 == period ? 0 : at + 1;
        }
    }

    /// One byte of R.
    public byte at(int position) {
        reach(position + 1);
        return stream[position];
    }

    /// A port hidden or shown with R, as announces do.
    int port(int port) {
        return port ^ (((at(0) & 0xFF) << 8) | (at(1) & 0xFF));
    }

    /// The port by another reading of BEP 8: the key stream from the place of the masks on.
    int portFromMasks(int port) {
        return port ^ (indexMask >>> 16);
    }

    private void reach(int bytes) {
        if (bytes <= stream.length) {
            return;
        }
        int from = stream.length;
        stream = Arrays.copyOf(stream, Math.max(bytes, Math.max(FIRST_BYTES, from + from / 2)));
        rc4.apply(stream, from, stream.length - from);
    }

    static byte[] sha1(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-1");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-1", missing);
        }
    }
}
