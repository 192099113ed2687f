package dev.thistle.engine.torrent;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which pieces can be verified: all of them, but after a magnet link to a v2 torrent only those
/// whose file's piece layer has been fetched (BEP 52). A hybrid can do with SHA-1.
///
/// Owned by the torrent's thread; [#layers] may be asked on any.
final class KnownHashes {

    private final Metainfo metainfo;
    private final BitSet unverifiable = new BitSet();
    private final Map<Sha256, HashLayer> byRoot;
    private final PieceLayers layers;

    /// Files whose pieces wait for a layer, by root: several may have the same content.
    private final Map<Sha256, List<FileEntry>> waiting = new HashMap<>();

    /// @param remembered layers that an earlier run fetched, by root; those that do not lead there
    ///   are passed over
    KnownHashes(Metainfo metainfo, Map<Sha256, ByteString> remembered) {
        this.metainfo = metainfo;
        byRoot = new ConcurrentHashMap<>(metainfo.pieceLayers().all());
        layers = PieceLayers.over(byRoot);
        if (metainfo.version() == MetaVersion.V2) {
            for (FileEntry file : metainfo.files()) {
                if (isLayerMissing(file)) {
                    unverifiable.set(firstPiece(file), endPiece(file));
                    waiting.computeIfAbsent(root(file), _ -> new ArrayList<>()).add(file);
                }
            }
        }
        if (metainfo.version().hasV2()) {
            recall(remembered);
        }
    }

    private void recall(Map<Sha256, ByteString> remembered) {
        int level = TreeShape.pieceLevel(metainfo.pieceLengthBytes());
        for (FileEntry file : metainfo.files()) {
            if (!file.padding() && file.lengthBytes() > metainfo.pieceLengthBytes()) {
                Sha256 root = root(file);
                ByteString hashes = remembered.get(root);
                long count = TreeShape.ofFile(file.lengthBytes()).count(level);
                if (hashes != null && hashes.length() == count * Sha256.BYTES) {
                    HashLayer layer = HashLayer.of(level, hashes.asBuffer());
                    if (PieceLayers.matches(layer, root, file.lengthBytes())) {
                        learn(root, layer);
                    }
                }
            }
        }
    }

    /// What is known by now, to be remembered. Any thread.
    Map<Sha256, ByteString> toRemember() {
        var remembered = new HashMap<Sha256, ByteString>();
        layers.all()
                .forEach((root, layer) -> {
                    byte[] hashes = new byte[layer.count() * Sha256.BYTES];
                    layer.asBuffer().get(hashes);
                    remembered.put(root, ByteString.of(hashes));
                });
        return remembered;
    }

    private int firstPiece(FileEntry file) {
        return (int) (file.position() / metainfo.pieceLengthBytes());
    }

    private int endPiece(FileEntry file) {
        return (int) Math.ceilDiv(file.end(), (long) metainfo.pieceLengthBytes());
    }

    private boolean isLayerMissing(FileEntry file) {
        return file.lengthBytes() > metainfo.pieceLengthBytes() && layers.of(root(file)).isEmpty();
    }

    private static Sha256 root(FileEntry file) {
        return file.piecesRoot().orElseThrow();
    }

    /// What is known whenever one of them is asked for. Any thread.
    PieceLayers layers() {
        return layers;
    }

    /// Can every piece be verified?
    boolean areComplete() {
        return unverifiable.isEmpty();
    }

    /// Pieces that nobody may be asked for yet. Not to be changed by the caller.
    BitSet unverifiable() {
        return unverifiable;
    }

    /// A layer that leads to this root was fetched.
    void learn(Sha256 root, HashLayer layer) {
        byRoot.put(root, layer);
        List<FileEntry> files = waiting.remove(root);
        if (files != null) {
            files.forEach(file -> unverifiable.clear(firstPiece(file), endPiece(file)));
        }
    }
}
