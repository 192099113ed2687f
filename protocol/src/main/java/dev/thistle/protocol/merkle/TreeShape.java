package dev.thistle.protocol.merkle;

/// How high and how wide the Merkle tree of a file is (BEP 52): a leaf for each block of 16 KiB,
/// filled up to a power of two.
///
/// @param blocks leaves that stand for data, at least 1
public record TreeShape(long blocks) {

    /// What one leaf covers; the last one of a file may cover less.
    public static final int BLOCK_BYTES = 16 * 1024;

    /// Highest level that any torrent needs: 2^48 bytes are 2^34 blocks.
    static final int MAX_HEIGHT = 34;

    public TreeShape {
        if (blocks < 1 || blocks > 1L << MAX_HEIGHT) {
            throw new IllegalArgumentException(
                    "%d blocks, allowed 1..%d".formatted(blocks, 1L << MAX_HEIGHT));
        }
    }

    /// The tree of a file that is not empty.
    public static TreeShape ofFile(long lengthBytes) {
        return new TreeShape(Math.ceilDiv(lengthBytes, (long) BLOCK_BYTES));
    }

    /// Level whose nodes cover one piece each; blocks are level 0.
    ///
    /// @param pieceLengthBytes a power of two from 16 KiB
    public static int pieceLevel(int pieceLengthBytes) {
        return Integer.numberOfTrailingZeros(pieceLengthBytes / BLOCK_BYTES);
    }

    /// Level of the root: 0 for a file of one block.
    public int height() {
        return Long.SIZE - Long.numberOfLeadingZeros(blocks - 1);
    }

    /// Nodes of `level` that cover data; those to their right are known beforehand.
    public long count(int level) {
        return Math.ceilDiv(blocks, 1L << level);
    }

    /// All nodes of `level`, a power of two.
    public long width(int level) {
        return 1L << (height() - level);
    }
}
