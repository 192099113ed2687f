package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_FILES;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_LENGTH_BYTES;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_PIECES;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_PIECE_LENGTH_BYTES;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.bencode.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads and checks the v1 half of an `info` dictionary. Everything here is covered by the
/// info-hash, so a wrong value is refused, never repaired. Stateless.
final class InfoReader {

    /// BEP 52: 2 is in hybrid torrents too; an unknown version may have changed the meaning of any
    /// key, so it is looked at before all others.
    private static final int MAX_META_VERSION = 2;

    /// How BitComet named its padding before BEP 47 gave it an attribute.
    private static final String BITCOMET_PADDING = "_____padding_file_";

    private InfoReader() {}

    static TorrentInfo read(Dict info) throws MalformedException {
        long version = info.integer("meta version").orElse(1L);
        require(
                version >= 1 && version <= MAX_META_VERSION,
                "info.meta version",
                "%d, allowed 1..2".formatted(version));
        Optional<ByteString> pieces = info.bytes("pieces");
        if (pieces.isEmpty()) {
            throw missing(
                    "info.pieces",
                    info.has("file tree")
                            ? "missing, so this is a v2 torrent; allowed v1 and hybrid torrents"
                            : "missing, allowed 20 bytes for each piece");
        }
        ByteString name = info.bytes("name").or(() -> textOf(info, "name.utf-8")).orElse(null);
        if (name == null) {
            throw missing("info.name", "missing, allowed a byte string");
        }
        String shownName = textOf(info, "name.utf-8").orElse(name).toString();
        int pieceLength = pieceLength(info);
        List<FileEntry> files = files(info, shownName, pieceLength);
        var read =
                new TorrentInfo(
                        shownName,
                        pieceLength,
                        pieces.get(),
                        files,
                        info.has("length"),
                        info.integer("private").orElse(0L) != 0,
                        textOf(info, "source").map(ByteString::toString).orElse(null));
        checkPieceCount(read);
        return read;
    }

    private static int pieceLength(Dict info) throws MalformedException {
        Optional<Long> length = info.integer("piece length");
        if (length.isEmpty()) {
            throw missing(
                    "info.piece length",
                    "missing, allowed 1..%d".formatted(MAX_PIECE_LENGTH_BYTES));
        }
        requireRange("info.piece length", length.get(), 1, MAX_PIECE_LENGTH_BYTES);
        return length.get().intValue();
    }

    private static void checkPieceCount(TorrentInfo info) throws MalformedException {
        long count = Math.ceilDiv(info.lengthBytes(), (long) info.pieceLengthBytes());
        if (count > MAX_PIECES) {
            throw new MalformedException(
                    TOO_LARGE,
                    "info.piece length",
                    "%d makes %d pieces, allowed up to %d pieces"
                            .formatted(info.pieceLengthBytes(), count, MAX_PIECES));
        }
        require(
                info.pieces().length() == count * InfoHash.BYTES,
                "info.pieces",
                "%d bytes, allowed %d (20 for each of %d pieces)"
                        .formatted(info.pieces().length(), count * InfoHash.BYTES, count));
    }

    private static List<FileEntry> files(Dict info, String name, int pieceLength)
            throws MalformedException {
        Optional<Long> length = info.integer("length");
        Optional<List<BencodeValue>> list = info.list("files");
        require(
                length.isPresent() != list.isPresent(),
                "info",
                "%s of length and files, allowed exactly one"
                        .formatted(length.isPresent() ? "both" : "none"));
        if (length.isPresent()) {
            requireRange("info.length", length.get(), 0, MAX_LENGTH_BYTES);
            return List.of(new FileEntry(List.of(name), length.get(), 0, false));
        }
        List<BencodeValue> entries = list.orElseThrow();
        requireRange("info.files", entries.size(), 1, MAX_FILES);
        List<FileEntry> files = new ArrayList<>(entries.size());
        long position = 0;
        for (BencodeValue entry : entries) {
            String where = "info.files[%d]".formatted(files.size());
            if (!(entry instanceof Dict file)) {
                throw new MalformedException(
                        BAD_VALUE,
                        where,
                        "%s, allowed a dictionary".formatted(BencodeValue.kind(entry)));
            }
            FileEntry read = file(file, where, position, pieceLength);
            files.add(read);
            position += read.lengthBytes(); // at most twice the limit: no overflow
            requireRange("info.files, sum of length", position, 0, MAX_LENGTH_BYTES);
        }
        return files;
    }

    private static FileEntry file(Dict file, String where, long position, int pieceLength)
            throws MalformedException {
        String attributes = textOf(file, "attr").map(ByteString::toString).orElse("");
        // a symbolic link takes no bytes of the torrent, whatever it claims (BEP 47)
        long length = attributes.contains("l") ? 0 : length(file, where);
        List<String> path = path(file, where);
        boolean named = path != null && path.getLast().startsWith(BITCOMET_PADDING);
        // padding is never as long as a piece: a longer one is a file that wants not to be checked
        boolean padding = (attributes.contains("p") || named) && length < pieceLength;
        if (path == null && padding) {
            path = List.of(".pad", Long.toString(length));
        }
        if (path == null) {
            throw missing(where + ".path", "missing, allowed a list of byte strings");
        }
        return new FileEntry(path, length, position, padding);
    }

    private static long length(Dict file, String where) throws MalformedException {
        Optional<Long> length = file.integer("length");
        if (length.isEmpty()) {
            throw missing(where + ".length", "missing, allowed 0..%d".formatted(MAX_LENGTH_BYTES));
        }
        requireRange(where + ".length", length.get(), 0, MAX_LENGTH_BYTES);
        return length.get();
    }

    private static @Nullable List<String> path(Dict file, String where) throws MalformedException {
        String key = file.value("path.utf-8").orElse(null) instanceof Items ? "path.utf-8" : "path";
        Optional<List<BencodeValue>> elements = file.list(key);
        if (elements.isEmpty()) {
            return null;
        }
        require(
                !elements.get().isEmpty(),
                where + "." + key,
                "an empty list, allowed one element or more");
        List<String> path = new ArrayList<>(elements.get().size());
        for (BencodeValue element : elements.get()) {
            if (!(element instanceof Text(var text))) {
                throw new MalformedException(
                        BAD_VALUE,
                        where + "." + key,
                        "%s in it, allowed byte strings".formatted(BencodeValue.kind(element)));
            }
            path.add(text.toString());
        }
        return path;
    }

    /// For what other clients ignore when it has the wrong type.
    private static Optional<ByteString> textOf(Dict dict, String key) {
        return dict.value(key).orElse(null) instanceof Text(var text)
                ? Optional.of(text)
                : Optional.empty();
    }

    private static MalformedException missing(String where, String detail) {
        return new MalformedException(BAD_VALUE, where, detail);
    }

    private static void require(boolean right, String where, String detail)
            throws MalformedException {
        if (!right) {
            throw new MalformedException(BAD_VALUE, where, detail);
        }
    }

    private static void requireRange(String where, long value, long least, long most)
            throws MalformedException {
        if (value < least || value > most) {
            throw new MalformedException(
                    value > most ? TOO_LARGE : BAD_VALUE,
                    where,
                    "%d, allowed %d..%d".formatted(value, least, most));
        }
    }
}
