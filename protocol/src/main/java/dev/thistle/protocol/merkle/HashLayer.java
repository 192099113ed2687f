package dev.thistle.protocol.merkle;

import dev.thistle.protocol.Sha256;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// The nodes of one level of a Merkle tree that cover data, from the left. What stands to their
/// right is known beforehand: zeros at level 0, and what zeros hash to above. Immutable, for any
/// thread.
public final class HashLayer {

    private static final byte[][] ZEROS = zeros();

    private final int level;
    private final byte[] hashes;

    private HashLayer(int level, byte[] hashes) {
        this.level = level;
        this.hashes = hashes;
    }

    /// Copies what remains in `hashes`, which is left as it is.
    ///
    /// @param level 0 for blocks
    /// @throws IllegalArgumentException unless it is one hash or more, 32 bytes each
    public static HashLayer of(int level, ByteBuffer hashes) {
        if (hashes.remaining() == 0 || hashes.remaining() % Sha256.BYTES != 0) {
            throw new IllegalArgumentException(
                    "layer of %d bytes, allowed 32 for each node".formatted(hashes.remaining()));
        }
        byte[] copy = new byte[hashes.remaining()];
        hashes.get(hashes.position(), copy);
        return new HashLayer(level, copy);
    }

    public int level() {
        return level;
    }

    /// Nodes that cover data, at least one.
    public int count() {
        return hashes.length / Sha256.BYTES;
    }

    /// The node at `index`, also one behind the end of the data.
    public Sha256 hash(long index) {
        return index < count()
                ? Sha256.read(ByteBuffer.wrap(hashes, (int) index * Sha256.BYTES, Sha256.BYTES))
                : zero(level);
    }

    /// Appends `count` nodes from `index` on, also those behind the end of the data.
    public void writeTo(ByteBuffer target, long index, int count) {
        long inside = Math.clamp(count() - index, 0, count);
        if (inside > 0) {
            target.put(hashes, (int) index * Sha256.BYTES, (int) inside * Sha256.BYTES);
        }
        for (long i = inside; i < count; i++) {
            target.put(ZEROS[level]);
        }
    }

    /// A read-only view of all nodes.
    public ByteBuffer asBuffer() {
        return ByteBuffer.wrap(hashes).asReadOnlyBuffer();
    }

    /// The layer above: each node covers two of this one.
    public HashLayer parent() {
        MessageDigest sha256 = sha256();
        int pairs = Math.ceilDiv(count(), 2);
        byte[] above = new byte[pairs * Sha256.BYTES];
        for (int pair = 0; pair < pairs; pair++) {
            int left = pair * 2 * Sha256.BYTES;
            int bytes = Math.min(2 * Sha256.BYTES, hashes.length - left);
            sha256.update(hashes, left, bytes);
            if (bytes == Sha256.BYTES) {
                sha256.update(ZEROS[level]);
            }
            digest(sha256, above, pair * Sha256.BYTES);
        }
        return new HashLayer(level + 1, above);
    }

    /// The first node of `top`, a level at or above this one. It is the root of the tree if `top`
    /// is the tree's height.
    public Sha256 root(int top) {
        HashLayer layer = this;
        while (layer.level < top) {
            layer = layer.parent();
        }
        return layer.hash(0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HashLayer that
                && level == that.level
                && Arrays.equals(hashes, that.hashes);
    }

    @Override
    public int hashCode() {
        return 31 * level + Arrays.hashCode(hashes);
    }

    @Override
    public String toString() {
        return "%d nodes of level %d".formatted(count(), level);
    }

    /// The node of `level` that covers no data.
    public static Sha256 zero(int level) {
        return Sha256.of(ZEROS[level]);
    }

    private static byte[][] zeros() {
        var zeros = new byte[TreeShape.MAX_HEIGHT + 1][Sha256.BYTES];
        MessageDigest sha256 = sha256();
        for (int level = 1; level < zeros.length; level++) {
            sha256.update(zeros[level - 1]);
            sha256.update(zeros[level - 1]);
            digest(sha256, zeros[level], 0);
        }
        return zeros;
    }

    /// The node over two others.
    static Sha256 parent(Sha256 left, Sha256 right) {
        MessageDigest sha256 = sha256();
        sha256.update(left.bytes());
        return Sha256.of(sha256.digest(right.bytes()));
    }

    private static void digest(MessageDigest sha256, byte[] target, int offset) {
        try {
            sha256.digest(target, offset, Sha256.BYTES);
        } catch (DigestException tooShort) {
            throw new IllegalStateException(tooShort);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
