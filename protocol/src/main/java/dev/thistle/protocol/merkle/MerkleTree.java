package dev.thistle.protocol.merkle;

import dev.thistle.protocol.Sha256;
import java.util.ArrayList;
import java.util.List;

/// All levels of a file's Merkle tree from one layer up to the root: twice the layer's memory. It
/// answers requests for hashes and their proofs. Immutable, for any thread.
public final class MerkleTree {

    private final List<HashLayer> layers;

    private MerkleTree(List<HashLayer> layers) {
        this.layers = List.copyOf(layers);
    }

    /// The tree over `base`.
    ///
    /// @param height level of the root, at or above that of `base`
    public static MerkleTree over(HashLayer base, int height) {
        List<HashLayer> layers = new ArrayList<>();
        layers.add(base);
        while (layers.getLast().level() < height) {
            layers.add(layers.getLast().parent());
        }
        return new MerkleTree(layers);
    }

    /// Lowest level that is here.
    public int baseLevel() {
        return layers.getFirst().level();
    }

    /// Level of the root.
    public int height() {
        return layers.getLast().level();
    }

    public Sha256 root() {
        return layers.getLast().hash(0);
    }

    /// All nodes of `level` that cover data.
    ///
    /// @throws IndexOutOfBoundsException unless `level` is [#baseLevel] to [#height]
    public HashLayer layer(int level) {
        return layers.get(level - baseLevel());
    }
}
