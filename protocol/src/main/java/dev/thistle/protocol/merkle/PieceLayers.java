package dev.thistle.protocol.merkle;

import dev.thistle.protocol.Sha256;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The piece layers of a v2 torrent: of each file larger than a piece, by its root, the hash of
/// every piece (BEP 52). They stand outside the info dictionary; after a magnet link they are
/// fetched from peers. Only layers that lead to their root get in here. Immutable, for any thread.
public final class PieceLayers {

    /// No layers at all.
    public static final PieceLayers NONE = new PieceLayers(Map.of());

    private final Map<Sha256, HashLayer> layers;

    private PieceLayers(Map<Sha256, HashLayer> layers) {
        this.layers = Map.copyOf(layers);
    }

    /// The layers of a torrent.
    ///
    /// @param layers by the root of the file; each must lead to it
    public static PieceLayers of(Map<Sha256, HashLayer> layers) {
        return new PieceLayers(layers);
    }

    public Optional<HashLayer> of(Sha256 root) {
        return Optional.ofNullable(layers.get(root));
    }

    /// These and one more.
    public PieceLayers with(Sha256 root, HashLayer layer) {
        var more = new HashMap<>(layers);
        more.put(root, layer);
        return new PieceLayers(more);
    }

    /// Every layer by the root of its file.
    public Map<Sha256, HashLayer> all() {
        return layers;
    }

    /// Does `layer` belong to the file with this root and length?
    public static boolean matches(HashLayer layer, Sha256 root, long fileBytes) {
        TreeShape shape = TreeShape.ofFile(fileBytes);
        return layer.count() == shape.count(layer.level())
                && layer.root(shape.height()).equals(root);
    }
}
