package dev.thistle.protocol.merkle;

import dev.thistle.protocol.Sha256;
import java.nio.ByteBuffer;

/// A run of neighbouring nodes of one level, and how much of the way to the root proves them: what
/// a `hash request` asks for and `hashes` brings (BEP 52).
///
///     base level:   .  .  [n  n  n  n]  .  .      length 4, index 4
///     above:          .    [p   p]     u  .       computable, left out
///                        u     [top]              uncle u: sent, and with it the top's parent...
///
/// The hashes of an answer are the `length` nodes, then the uncles from below. The first
/// log2(`length`) - 1 of the `proofLayers` would lie inside the run; they count but are not sent.
///
/// @param level of the nodes: 0 for blocks
/// @param index of the first node, a multiple of `length`
/// @param length a power of two, 2 to [#MAX_LENGTH]
/// @param proofLayers levels above `level` that are to be proven
public record LayerRange(int level, int index, int length, int proofLayers) {

    /// What may be asked for at once (BEP 52).
    public static final int MAX_LENGTH = 512;

    /// A range of the tree, with all the proof up to its root.
    public static LayerRange proven(TreeShape shape, int level, int index, int length) {
        return new LayerRange(level, index, length, shape.height() - level - 1);
    }

    /// Does a tree of this shape have such nodes, and is the request well formed?
    public boolean fits(TreeShape shape) {
        return level >= 0
                && level <= shape.height()
                && length >= 2
                && length <= MAX_LENGTH
                && Integer.bitCount(length) == 1
                && index >= 0
                && index % length == 0
                && (long) index + length <= shape.width(level)
                && index < shape.count(level)
                && proofLayers >= 0
                && proofLayers < shape.height() - level;
    }

    private int doublings() {
        return Integer.numberOfTrailingZeros(length);
    }

    /// Uncles that come after the nodes.
    public int uncleCount() {
        return Math.max(0, proofLayers - (doublings() - 1));
    }

    /// All hashes of the answer.
    public int hashCount() {
        return length + uncleCount();
    }

    /// Level of the node that the answer leads to.
    public int topLevel() {
        return level + doublings() + uncleCount();
    }

    /// Index in its level of the node that the answer leads to.
    public int topIndex() {
        return index >> (doublings() + uncleCount());
    }

    /// The node that `hashes` lead to: who knows it beforehand knows that they are right.
    ///
    /// @param hashes [#hashCount] of them; left as it is
    public Sha256 top(ByteBuffer hashes) {
        ByteBuffer in = hashes.duplicate();
        int end = in.limit();
        in.limit(in.position() + length * Sha256.BYTES);
        int at = level + doublings();
        Sha256 node = HashLayer.of(level, in).root(at);
        int index = this.index / length;
        in.limit(end).position(in.position() + length * Sha256.BYTES);
        for (int uncle = 0; uncle < uncleCount(); uncle++) {
            Sha256 sibling = Sha256.read(in);
            node =
                    index % 2 == 0
                            ? HashLayer.parent(node, sibling)
                            : HashLayer.parent(sibling, node);
            index /= 2;
        }
        return node;
    }

    /// The answer, ready to be read: nodes from `lower`, uncles from whichever tree has their
    /// level.
    ///
    /// @param lower a tree whose base is at or below [#level]
    /// @param lowerIndex index in its level of the leftmost node of `lower`'s base
    /// @param upper the tree above `lower`, up to the file's root
    public ByteBuffer answer(MerkleTree lower, long lowerIndex, MerkleTree upper) {
        ByteBuffer out = ByteBuffer.allocate(hashCount() * Sha256.BYTES);
        append(out, lower, lowerIndex, upper, level, index, length);
        int at = level + doublings();
        for (int uncle = 0; uncle < uncleCount(); uncle++, at++) {
            append(out, lower, lowerIndex, upper, at, (index >> (at - level)) ^ 1, 1);
        }
        return out.flip();
    }

    private static void append(
            ByteBuffer out,
            MerkleTree lower,
            long lowerIndex,
            MerkleTree upper,
            int level,
            long index,
            int count) {
        if (level >= upper.baseLevel()) {
            if (level <= upper.height()) {
                upper.layer(level).writeTo(out, index, count);
            }
        } else {
            long shift = lowerIndex >> (level - lower.baseLevel());
            lower.layer(level).writeTo(out, index - shift, count);
        }
    }
}
