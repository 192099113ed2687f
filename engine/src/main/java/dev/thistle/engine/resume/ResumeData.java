package dev.thistle.engine.resume;

import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.storage.FileStamp;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.ByteString;
import java.time.Duration;
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
/// @param totals of all runs
/// @param described what peers told of the torrent, if it was added by a magnet
/// @param wanted of the torrent; nothing if an older version saved this
public record ResumeData(
        InfoHash infoHash,
        long savedMillis,
        boolean isSettled,
        String boot,
        List<FileStamp> files,
        BitSet verified,
        Map<Integer, BitSet> unfinished,
        Totals totals,
        Described described,
        Optional<Selection> wanted) {

    /// What all runs together have done.
    ///
    /// @param downloadedBytes payload received
    /// @param uploadedBytes payload sent
    /// @param seeding for how long everything wanted was there and given
    public record Totals(long downloadedBytes, long uploadedBytes, Duration seeding) {

        public static final Totals NONE = new Totals(0, 0, Duration.ZERO);

        public Totals plus(Totals more) {
            return new Totals(
                    downloadedBytes + more.downloadedBytes,
                    uploadedBytes + more.uploadedBytes,
                    seeding.plus(more.seeding));
        }
    }

    /// What a magnet link does not tell, not verified here.
    ///
    /// @param info the info dictionary
    /// @param layers piece layers by the root of their file (BEP 52), the hashes in a row
    public record Described(Optional<ByteString> info, Map<Sha256, ByteString> layers) {

        public static final Described NOT = new Described(Optional.empty(), Map.of());

        public Described {
            layers = Map.copyOf(layers);
        }
    }

    public ResumeData {
        files = List.copyOf(files);
        unfinished = Map.copyOf(unfinished);
    }
}
