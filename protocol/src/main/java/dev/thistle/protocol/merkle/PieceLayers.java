package dev.thistle.protocol.merkle;

import dev.thistle.protocol.Sha256;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/// The piece layers of a v2 torrent: of each file larger than a piece, by its root, the hash of
/// every piece (BEP 52). They stand outside the info dictionary; after a magnet link they are
/// fetched from peers. Only layers that lead to their root get in here. Immutable, unless it looks
/// [at a map that grows][#over]; for any thread.
public final class PieceLayers {

    /// No layers at all.
    public static final PieceLayers NONE = new PieceLayers(Map.of());

    private final Map<Sha256, HashLayer> layers;

    private PieceLayers(Map<Sha256, HashLayer> layers) {
        this.layers = layers;
    }

    /// The layers of a torrent.
    ///
    /// @param layers by the root of the file; each must lead to it
    public static PieceLayers of(Map<Sha256, HashLayer> layers) {
        return new PieceLayers(Map.copyOf(layers));
    }

    /// The layers that `growing` has whenever somebody asks: so one more costs nothing but itself.
    ///
    /// @param growing safe for all threads that ask; whoever adds to it answers for the layer
    public static PieceLayers over(Map<Sha256, HashLayer> growing) {
        return new PieceLayers(Collections.unmodifiableMap(growing));
    }

    public Optional<HashLayer> of(Sha256 root) {
        return Optional.ofNullable(layers.get(root));
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
