package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One file of a torrent, as the torrent describes it. Nothing in `path` is safe to use on a disk
/// or to print on a terminal: [SafePaths] makes paths out of it.
///
/// @param path the elements below the torrent's folder; in a single-file torrent just its name.
///   Bytes that are not UTF-8 have become U+FFFD
/// @param lengthBytes 0 to [MetainfoReader#MAX_LENGTH_BYTES]
/// @param position bytes of the torrent before this file
/// @param attributes what the file is (BEP 47)
/// @param piecesRoot root of its Merkle tree; only in v2 and hybrid torrents, of files with content
public record FileEntry(
        List<String> path,
        long lengthBytes,
        long position,
        Set<FileAttribute> attributes,
        Optional<Sha256> piecesRoot) {

    public FileEntry {
        path = List.copyOf(path);
        attributes = Set.copyOf(attributes);
        if (path.isEmpty() || lengthBytes < 0 || position < 0) {
            throw new IllegalArgumentException(
                    "file with %d path elements, %d bytes at %d, allowed from 1, 0 and 0"
                            .formatted(path.size(), lengthBytes, position));
        }
    }

    /// A plain file, or padding.
    public FileEntry(List<String> path, long lengthBytes, long position, boolean padding) {
        this(
                path,
                lengthBytes,
                position,
                padding ? Set.of(FileAttribute.PADDING) : Set.of(),
                Optional.empty());
    }

    /// The zeros between a file that ends at `position` and the next piece.
    static FileEntry padding(long lengthBytes, long position) {
        return new FileEntry(
                List.of(".pad", Long.toString(lengthBytes)), lengthBytes, position, true);
    }

    FileEntry rooted(Optional<Sha256> root) {
        return new FileEntry(path, lengthBytes, position, attributes, root);
    }

    /// Zeros that align the next file to a piece: neither stored nor requested.
    public boolean padding() {
        return attributes.contains(FileAttribute.PADDING);
    }

    /// A symbolic link, which has no bytes and is never made on a disk.
    public boolean isLink() {
        return attributes.contains(FileAttribute.LINK);
    }

    /// The position after its last byte.
    public long end() {
        return position + lengthBytes;
    }
}
