package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.metainfo.Refusal.require;

import dev.thistle.protocol.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// Brings both lists of a hybrid torrent together (BEP 52): the same files in the same order, and
/// in v1 padding wherever v2 implies it. After the last file padding may stand or not: both kinds
/// of tools are in use. Stateless.
final class HybridFiles {

    private static final String WHERE = "info";

    private HybridFiles() {}

    /// The files of v1 with the roots of v2.
    static List<FileEntry> agreed(List<FileEntry> list, List<FileEntry> tree, int pieceLengthBytes)
            throws MalformedException {
        List<FileEntry> real = tree.stream().filter(file -> !file.padding()).toList();
        List<FileEntry> agreed = new ArrayList<>(list.size());
        int next = 0;
        for (FileEntry file : list) {
            if (file.padding()) {
                agreed.add(file);
                continue;
            }
            require(
                    next < real.size() && isSame(file, real.get(next)),
                    WHERE,
                    "files and file tree differ at %s, allowed the same files at the same places"
                            .formatted(String.join("/", file.path())));
            agreed.add(file.rooted(real.get(next++).piecesRoot()));
        }
        require(
                next == real.size(),
                WHERE,
                "%d files and a file tree of %d, allowed as many".formatted(next, real.size()));
        checkTail(list, pieceLengthBytes);
        return agreed;
    }

    /// Links have no place of their own, and an empty one may stand before or after padding.
    private static boolean isSame(FileEntry v1, FileEntry v2) {
        return v1.path().equals(v2.path())
                && v1.lengthBytes() == v2.lengthBytes()
                && (v1.lengthBytes() == 0 || v1.position() == v2.position());
    }

    private static void checkTail(List<FileEntry> list, int pieceLengthBytes)
            throws MalformedException {
        FileEntry last = list.getLast();
        require(
                !last.padding() || last.end() % pieceLengthBytes == 0,
                WHERE,
                "padding at the end that does not fill the piece, allowed all of it or none");
    }
}
