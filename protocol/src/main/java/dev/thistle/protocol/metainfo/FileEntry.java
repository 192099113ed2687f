package dev.thistle.protocol.metainfo;

import java.util.List;

/// One file of a torrent, as the torrent describes it. Nothing in `path` is safe to use on a disk
/// or to print on a terminal: [SafePaths] makes paths out of it.
///
/// @param path the elements below the torrent's folder; in a single-file torrent just its name.
///   Bytes that are not UTF-8 have become U+FFFD
/// @param lengthBytes 0 to [MetainfoReader#MAX_LENGTH_BYTES]
/// @param position bytes of the torrent before this file
/// @param padding zeros that align the next file to a piece (BEP 47): neither stored nor requested
public record FileEntry(List<String> path, long lengthBytes, long position, boolean padding) {
    public FileEntry {
        path = List.copyOf(path);
        if (path.isEmpty() || lengthBytes < 0 || position < 0) {
            throw new IllegalArgumentException(
                    "file with %d path elements, %d bytes at %d, allowed from 1, 0 and 0"
                            .formatted(path.size(), lengthBytes, position));
        }
    }
}
