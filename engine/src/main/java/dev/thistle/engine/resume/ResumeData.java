package dev.thistle.engine.resume;

import dev.thistle.engine.storage.FileStamp;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a torrent remembers from run to run. Whoever gets the bit sets must not change them.
///
/// @param savedMillis when, since 1970
/// @param isSettled whether the data was forced to disk and nobody was writing any more
/// @param boot names the time between two starts of the machine; empty if that cannot be told
/// @param files as they looked when this was saved, in the torrent's order
/// @param verified pieces with the right hash
/// @param unfinished blocks that are written, of pieces that are not yet whole; by piece
/// @param downloadedBytes payload received in all runs
/// @param uploadedBytes payload sent in all runs
/// @param info the info dictionary, for torrents that were added by a magnet
public record ResumeData(
        InfoHash infoHash,
        long savedMillis,
        boolean isSettled,
        String boot,
        List<FileStamp> files,
        BitSet verified,
        Map<Integer, BitSet> unfinished,
        long downloadedBytes,
        long uploadedBytes,
        Optional<ByteString> info) {

    public ResumeData {
        files = List.copyOf(files);
        unfinished = Map.copyOf(unfinished);
    }
}
