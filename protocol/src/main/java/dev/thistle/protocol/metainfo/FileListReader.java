package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_FILES;
import static dev.thistle.protocol.metainfo.MetainfoReader.MAX_LENGTH_BYTES;
import static dev.thistle.protocol.metainfo.Refusal.require;
import static dev.thistle.protocol.metainfo.Refusal.requireRange;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the files of a v1 or hybrid torrent: `length` of a single one, or the list `files` (BEP 3,
/// BEP 47). Stateless.
final class FileListReader {

    /// How BitComet named its padding before BEP 47 gave it an attribute.
    private static final String BITCOMET_PADDING = "_____padding_file_";

    private FileListReader() {}

    static List<FileEntry> read(Dict info, String name, int pieceLength) throws MalformedException {
        Optional<Long> length = info.integer("length");
        Optional<List<BencodeValue>> list = info.list("files");
        require(
                length.isPresent() != list.isPresent(),
                "info",
                "%s of length and files, allowed exactly one"
                        .formatted(length.isPresent() ? "both" : "none"));
        if (length.isPresent()) {
            requireRange("info.length", length.get(), 0, MAX_LENGTH_BYTES);
            Set<FileAttribute> attributes = InfoReader.attributes(info);
            attributes.retainAll(FileAttribute.OF_CONTENT); // the only file is what it is all about
            return List.of(
                    new FileEntry(List.of(name), length.get(), 0, attributes, Optional.empty()));
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
        Set<FileAttribute> attributes = InfoReader.attributes(file);
        // a symbolic link takes no bytes of the torrent, whatever it claims (BEP 47)
        long length = attributes.contains(FileAttribute.LINK) ? 0 : length(file, where);
        List<String> path = path(file, where);
        boolean named = path != null && path.getLast().startsWith(BITCOMET_PADDING);
        // padding is never as long as a piece: a longer one is a file that wants not to be checked
        boolean padding =
                (attributes.contains(FileAttribute.PADDING) || named) && length < pieceLength;
        if (path == null && padding) {
            path = List.of(".pad", Long.toString(length));
        }
        if (path == null) {
            throw Refusal.of(where + ".path", "missing, allowed a list of byte strings");
        }
        if (padding) {
            attributes.add(FileAttribute.PADDING);
        } else {
            attributes.remove(FileAttribute.PADDING);
        }
        return new FileEntry(path, length, position, attributes, Optional.empty());
    }

    private static long length(Dict file, String where) throws MalformedException {
        Optional<Long> length = file.integer("length");
        if (length.isEmpty()) {
            throw Refusal.of(
                    where + ".length", "missing, allowed 0..%d".formatted(MAX_LENGTH_BYTES));
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
}
