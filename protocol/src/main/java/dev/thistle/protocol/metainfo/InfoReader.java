package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_PIECES;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_PIECE_LENGTH_BYTES;
import static dev.thistle.protocol.metainfo.Refusal.require;
import static dev.thistle.protocol.metainfo.Refusal.requireRange;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.TreeShape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads and checks an `info` dictionary of v1, v2 or both. Everything here is covered by the
/// info-hash, so a wrong value is refused, never repaired. Stateless.
final class InfoReader {

    /// BEP 52. An unknown version may have changed the meaning of any key, so it is looked at
    /// before all others.
    private static final int MAX_META_VERSION = 2;

    private InfoReader() {}

    /// @param bytes the dictionary as it stands in the file
    /// @param info what was read of it, its keys unique but perhaps unsorted
    static TorrentInfo read(ByteBuffer bytes, Dict info) throws MalformedException {
        MetaVersion version = version(info);
        if (version.hasV2()) { // old torrents of v1 are unsorted, those of v2 never (BEP 52)
            BencodeReader.readAll(bytes.duplicate(), Keys.CANONICAL);
        }
        ByteString name = info.bytes("name").or(() -> textOf(info, "name.utf-8")).orElse(null);
        if (name == null) {
            throw Refusal.of("info.name", "missing, allowed a byte string");
        }
        String shownName = textOf(info, "name.utf-8").orElse(name).toString();
        int pieceLength = pieceLength(info, version);
        List<FileEntry> tree = version.hasV2() ? FileTreeReader.read(info, pieceLength) : List.of();
        List<FileEntry> files =
                switch (version) {
                    case V1 -> FileListReader.read(info, shownName, pieceLength);
                    case V2 -> tree;
                    case HYBRID ->
                            HybridFiles.agreed(
                                    FileListReader.read(info, shownName, pieceLength),
                                    tree,
                                    pieceLength);
                };
        var read =
                new TorrentInfo(
                        version,
                        shownName,
                        pieceLength,
                        info.bytes("pieces").orElse(ByteString.utf8("")),
                        files,
                        isSingleFile(info, version, shownName, files),
                        info.integer("private").orElse(0L) != 0,
                        textOf(info, "source").map(ByteString::toString).orElse(null));
        checkPieceCount(read);
        return read;
    }

    private static MetaVersion version(Dict info) throws MalformedException {
        long version = info.integer("meta version").orElse(1L);
        require(
                version >= 1 && version <= MAX_META_VERSION,
                "info.meta version",
                "%d, allowed 1..2".formatted(version));
        boolean hasV1 = info.has("pieces");
        boolean hasV2 = version == 2 && info.has("file tree");
        if (!hasV1 && !hasV2) {
            throw version == 2
                    ? Refusal.of("info.file tree", "missing, allowed a dictionary of files")
                    : Refusal.of("info.pieces", "missing, allowed 20 bytes for each piece");
        }
        return !hasV2 ? MetaVersion.V1 : hasV1 ? MetaVersion.HYBRID : MetaVersion.V2;
    }

    private static int pieceLength(Dict info, MetaVersion version) throws MalformedException {
        String where = "info.piece length";
        Optional<Long> found = info.integer("piece length");
        if (found.isEmpty()) {
            throw Refusal.of(where, "missing, allowed 1..%d".formatted(MAX_PIECE_LENGTH_BYTES));
        }
        int least = version.hasV2() ? TreeShape.BLOCK_BYTES : 1;
        requireRange(where, found.get(), least, MAX_PIECE_LENGTH_BYTES);
        int length = found.get().intValue();
        require(
                !version.hasV2() || Integer.bitCount(length) == 1,
                where,
                "%d, allowed in v2 a power of two".formatted(length));
        return length;
    }

    /// In v2 a lone file that is called as the torrent is the torrent (BEP 52).
    private static boolean isSingleFile(
            Dict info, MetaVersion version, String name, List<FileEntry> files)
            throws MalformedException {
        boolean treeIsSingle = files.size() == 1 && files.getFirst().path().equals(List.of(name));
        if (version == MetaVersion.V2) {
            return treeIsSingle;
        }
        boolean isSingle = info.has("length");
        require(
                version == MetaVersion.V1 || !isSingle || treeIsSingle,
                "info.length",
                "a single file beside a file tree of another name, allowed lists that agree");
        return isSingle;
    }

    private static void checkPieceCount(TorrentInfo info) throws MalformedException {
        long count = Math.ceilDiv(info.spanBytes(), (long) info.pieceLengthBytes());
        if (count > MAX_PIECES) {
            throw new MalformedException(
                    TOO_LARGE,
                    "info.piece length",
                    "%d makes %d pieces, allowed up to %d pieces"
                            .formatted(info.pieceLengthBytes(), count, MAX_PIECES));
        }
        require(
                !info.version().hasV1() || info.pieces().length() == count * InfoHash.BYTES,
                "info.pieces",
                "%d bytes, allowed %d (20 for each of %d pieces)"
                        .formatted(info.pieces().length(), count * InfoHash.BYTES, count));
    }

    static Set<FileAttribute> attributes(Dict file) {
        return FileAttribute.of(textOf(file, "attr").map(ByteString::toString).orElse(""));
    }

    /// For what other clients ignore when it has the wrong type.
    static Optional<ByteString> textOf(Dict dict, String key) {
        return dict.value(key).orElse(null) instanceof Text(var text)
                ? Optional.of(text)
                : Optional.empty();
    }
}
