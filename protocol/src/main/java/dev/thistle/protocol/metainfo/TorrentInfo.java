package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.bencode.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the `info` dictionary says (BEP 3): the part of a torrent that its info-hash covers.
///
/// @param pieces 20 bytes for each piece
/// @param source the free text by which private trackers make a torrent their own, if any
record TorrentInfo(
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

    long lengthBytes() {
        if (files.isEmpty()) {
            return 0;
        }
        FileEntry last = files.getLast();
        return last.position() + last.lengthBytes();
    }
}
