package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_FILES;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_LENGTH_BYTES;
import static dev.thistle.protocol.metainfo.Refusal.require;
import static dev.thistle.protocol.metainfo.Refusal.requireRange;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the `file tree` of a v2 torrent (BEP 52): dictionaries of path elements, in which an empty
/// key marks a file. Files stand in byte order, depth first, each from the start of a piece, so
/// padding is put between them. One reader serves one tree.
final class FileTreeReader {

    private static final ByteString FILE = ByteString.utf8("");

    private final int pieceLengthBytes;
    private final List<FileEntry> files = new ArrayList<>();
    private int fileCount;
    private long end;

    private FileTreeReader(int pieceLengthBytes) {
        this.pieceLengthBytes = pieceLengthBytes;
    }

    static List<FileEntry> read(Dict info, int pieceLengthBytes) throws MalformedException {
        var reader = new FileTreeReader(pieceLengthBytes);
        Dict tree = info.dict("file tree").orElseThrow();
        require(
                !tree.entries().containsKey(FILE),
                "info.file tree",
                "a file without a name, allowed names");
        require(!tree.entries().isEmpty(), "info.file tree", "empty, allowed one file or more");
        reader.walk(tree, List.of());
        return reader.files;
    }

    private void walk(Dict folder, List<String> path) throws MalformedException {
        for (var entry : folder.entries().entrySet()) {
            List<String> below = new ArrayList<>(path);
            below.add(name(entry.getKey()));
            String where = "info.file tree." + String.join("/", below);
            if (!(entry.getValue() instanceof Dict dict)) {
                throw Refusal.of(
                        where,
                        "%s, allowed a dictionary".formatted(BencodeValue.kind(entry.getValue())));
            }
            if (!dict.entries().containsKey(FILE)) {
                walk(dict, below); // no deeper than the notation itself may be
                continue;
            }
            require(dict.entries().size() == 1, where, "a file and a folder, allowed one of them");
            requireRange("info.file tree, files", ++fileCount, 1, MAX_FILES);
            if (!(dict.entries().get(FILE) instanceof Dict file)) {
                throw Refusal.of(where, "no description, allowed a dictionary");
            }
            add(file, below, where);
        }
    }

    /// Names are UTF-8 (BEP 52); in another spelling two that look the same could differ.
    private static String name(ByteString key) throws MalformedException {
        return key.text()
                .orElseThrow(() ->
                        Refusal.of(
                                "info.file tree",
                                "name '%s' is not UTF-8, allowed only that".formatted(key)));
    }

    private void add(Dict file, List<String> path, String where) throws MalformedException {
        Set<FileAttribute> attributes = InfoReader.attributes(file);
        attributes.remove(FileAttribute.PADDING); // implied in v2, never listed
        long length = 0;
        if (!attributes.contains(FileAttribute.LINK)) {
            Optional<Long> found = file.integer("length");
            require(found.isPresent(), where + ".length", "missing, allowed a number");
            length = found.orElseThrow();
            requireRange(where + ".length", length, 0, MAX_LENGTH_BYTES);
        }
        long position = position(length);
        files.add(new FileEntry(path, length, position, attributes, root(file, length, where)));
        end = position + length;
        requireRange("info.file tree, sum of length", end, 0, MAX_LENGTH_BYTES);
    }

    /// Where the next file starts, after the padding that brings it there.
    private long position(long lengthBytes) {
        long over = end % pieceLengthBytes;
        if (over == 0 || lengthBytes == 0) {
            return end;
        }
        files.add(FileEntry.padding(pieceLengthBytes - over, end));
        return end + pieceLengthBytes - over;
    }

    private static Optional<Sha256> root(Dict file, long lengthBytes, String where)
            throws MalformedException {
        Optional<ByteString> root = file.bytes("pieces root");
        if (lengthBytes == 0) {
            return Optional.empty(); // nothing to prove, whatever is said
        }
        require(
                root.isPresent() && root.get().length() == Sha256.BYTES,
                where + ".pieces root",
                "%s, allowed 32 bytes"
                        .formatted(root.map(r -> r.length() + " bytes").orElse("missing")));
        return root.map(bytes -> Sha256.of(bytes.bytes()));
    }
}
