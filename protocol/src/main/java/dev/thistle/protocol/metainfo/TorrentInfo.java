package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.bencode.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the `info` dictionary says (BEP 3, BEP 52): the part of a torrent that its info-hash
/// covers.
///
/// @param pieces 20 bytes for each piece; none in a torrent of v2 alone
/// @param files all of them in the order of the torrent, padding included, also what is only
///   implied
/// @param source the free text by which private trackers make a torrent their own, if any
record TorrentInfo(
        MetaVersion version,
        String name,
        int pieceLengthBytes,
        ByteString pieces,
        List<FileEntry> files,
        boolean isSingleFile,
        boolean isPrivate,
        @Nullable String source) {
    TorrentInfo {
        files = List.copyOf(files);
    }

    long spanBytes() {
        return files.isEmpty() ? 0 : files.getLast().end();
    }
}
