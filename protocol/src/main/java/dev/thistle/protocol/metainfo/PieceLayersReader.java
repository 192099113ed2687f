package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.metainfo.Refusal.require;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.merkle.TreeShape;
import java.util.HashMap;
import java.util.Map;

/// Reads the `piece layers` of a v2 torrent (BEP 52): of every file larger than a piece the hashes
/// of its pieces. One that is missing, or does not lead to its file's root, makes the torrent
/// invalid; those of no file here are ignored. Stateless.
final class PieceLayersReader {

    private static final String WHERE = "piece layers";

    private PieceLayersReader() {}

    static PieceLayers read(Dict torrent, TorrentInfo info) throws MalformedException {
        if (!info.version().hasV2()) {
            return PieceLayers.NONE;
        }
        Dict found = torrent.dict(WHERE).orElseGet(() -> Dict.of(Map.of()));
        int level = TreeShape.pieceLevel(info.pieceLengthBytes());
        Map<Sha256, HashLayer> layers = new HashMap<>();
        for (FileEntry file : info.files()) {
            if (file.lengthBytes() > info.pieceLengthBytes() && file.piecesRoot().isPresent()) {
                Sha256 root = file.piecesRoot().get();
                layers.put(root, layer(found, root, file, level));
            }
        }
        return PieceLayers.of(layers);
    }

    private static HashLayer layer(Dict found, Sha256 root, FileEntry file, int level)
            throws MalformedException {
        String name = String.join("/", file.path());
        if (!(found.entries().get(ByteString.of(root.bytes())) instanceof Text(ByteString bytes))) {
            throw Refusal.of(WHERE, "none for %s, allowed one for each such file".formatted(name));
        }
        long wanted = TreeShape.ofFile(file.lengthBytes()).count(level) * Sha256.BYTES;
        require(
                bytes.length() == wanted,
                WHERE,
                "%d bytes for %s, allowed %d".formatted(bytes.length(), name, wanted));
        HashLayer layer = HashLayer.of(level, bytes.asBuffer());
        require(
                PieceLayers.matches(layer, root, file.lengthBytes()),
                WHERE,
                "those of %s do not lead to its root".formatted(name));
        return layer;
    }
}
