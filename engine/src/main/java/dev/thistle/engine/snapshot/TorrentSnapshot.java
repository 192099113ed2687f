package dev.thistle.engine.snapshot;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.SwarmCounts;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a torrent looked like a moment ago. Immutable; a new one appears several times a second.
///
/// @param verifiedBytes of pieces with the right hash
/// @param checkedPieces how many pieces the check at the start has looked at
/// @param downloadedBytes payload received in this run, wasted bytes included
/// @param wastedBytes received twice or with the wrong hash
/// @param failedPieces how often a piece had the wrong hash
/// @param lastCallFailure whom we called last without success, and why, for people
/// @param error why the torrent failed, or is halted
/// @param resumed what earlier runs left
/// @param wanted what is wanted of the torrent
/// @param metadata how much of the `info` dictionary is here, while the torrent is known by its
///   magnet link alone; all sizes are 0 then
/// @param encounters how its connections came about
/// @param webSeeds in the order of the torrent
/// @param giving how it is given to others
public record TorrentSnapshot(
        InfoHash infoHash,
        String name,
        State state,
        long lengthBytes,
        long verifiedBytes,
        int pieceCount,
        int checkedPieces,
        long downloadedBytes,
        long uploadedBytes,
        long wastedBytes,
        int failedPieces,
        long downloadBytesPerSecond,
        long uploadBytesPerSecond,
        List<PeerSnapshot> peers,
        List<TrackerSnapshot> trackers,
        Optional<String> lastCallFailure,
        Optional<String> error,
        Resumed resumed,
        Wanted wanted,
        Optional<MetadataProgress> metadata,
        Encounters encounters,
        List<WebSeedSnapshot> webSeeds,
        Giving giving) {

    /// Where a torrent is in its life.
    public enum State {
        /// Peers are asked for what a magnet link names.
        METADATA,
        /// What an earlier run left is looked at, and data on disk is being hashed.
        CHECKING,
        DOWNLOADING,
        /// Everything is there that is wanted, and given to others.
        SEEDING,
        /// The disk does not take what comes; see the error. No peers meanwhile. Tried again after
        /// half a minute, or when asked.
        HALTED,
        /// Somebody stopped it, or a goal of seeding was reached.
        STOPPED,
        /// The disk failed; see the error.
        FAILED
    }

    /// The part of the torrent that was selected.
    ///
    /// @param bytes of its pieces
    /// @param verifiedBytes how many of them are there
    public record Wanted(long bytes, long verifiedBytes) {}

    /// Blocks of the `info` dictionary that came for a magnet link (BEP 9), not yet verified.
    ///
    /// @param blocksNeeded 0 while no peer has said how many
    public record MetadataProgress(int blocks, int blocksNeeded) {}

    /// How a torrent is given to others.
    ///
    /// @param isSuperSeeding whether pieces are shown one by one (BEP 16)
    /// @param ratio how many times the size of what is wanted was uploaded, in all runs
    /// @param seeding for how long, in all runs
    /// @param enough for people: why it ended, if a goal of seeding was reached
    public record Giving(
            boolean isSuperSeeding, double ratio, Duration seeding, Optional<String> enough) {

        /// Nothing was given so far.
        public static final Giving NOTHING = new Giving(false, 0, Duration.ZERO, Optional.empty());
    }

    /// One connected peer.
    ///
    /// @param client name and version as it told us
    /// @param pieces how many it has
    public record PeerSnapshot(
            InetSocketAddress address,
            Optional<String> client,
            Protection protection,
            boolean isIncoming,
            int pieces,
            long downloadedBytes,
            long uploadedBytes,
            long downloadBytesPerSecond,
            long uploadBytesPerSecond,
            boolean isChokingUs,
            boolean isChokedByUs) {}

    /// One web seed.
    ///
    /// @param isFetching whether it is being asked for something now
    /// @param isOver whether it is never asked again
    /// @param trouble why it failed last, if nothing came since
    public record WebSeedSnapshot(
            String url,
            boolean isFetching,
            boolean isOver,
            long downloadedBytes,
            long downloadBytesPerSecond,
            Optional<String> trouble) {}

    /// What a tracker said last.
    ///
    /// @param form whether the announce hid the torrent (BEP 8)
    /// @param result one line for people
    /// @param counts how big it says the swarm is
    public record TrackerSnapshot(
            String url,
            AnnounceForm form,
            boolean worked,
            String result,
            Optional<SwarmCounts> counts) {}

    /// What earlier runs left.
    ///
    /// @param trustedPieces that were taken without hashing them again
    /// @param foundBytes of the pieces that were there and right, trusted or hashed again, when the
    ///   check was over
    /// @param earlierDownloadedBytes payload received in earlier runs
    /// @param earlierUploadedBytes payload sent in earlier runs
    /// @param earlierSeeding for how long earlier runs were seeding
    /// @param remarks for people: files that are gone or changed, a resume file that is not used
    public record Resumed(
            int trustedPieces,
            long foundBytes,
            long earlierDownloadedBytes,
            long earlierUploadedBytes,
            Duration earlierSeeding,
            List<String> remarks) {

        /// There was no earlier run, or nothing is known of one.
        public static final Resumed NOTHING = new Resumed(0, 0, 0, 0, Duration.ZERO, List.of());

        public Resumed {
            remarks = List.copyOf(remarks);
        }

        /// The same after a check that found so much.
        public Resumed withFoundBytes(long found) {
            return new Resumed(
                    trustedPieces,
                    found,
                    earlierDownloadedBytes,
                    earlierUploadedBytes,
                    earlierSeeding,
                    remarks);
        }
    }

    public TorrentSnapshot {
        peers = List.copyOf(peers);
        trackers = List.copyOf(trackers);
        webSeeds = List.copyOf(webSeeds);
    }

    /// Is everything there that is wanted?
    public boolean isFinished() {
        return metadata.isEmpty()
                && state != State.CHECKING
                && wanted.verifiedBytes() == wanted.bytes();
    }

    /// Is everything there, wanted or not?
    public boolean isComplete() {
        return metadata.isEmpty() && verifiedBytes == lengthBytes;
    }
}
