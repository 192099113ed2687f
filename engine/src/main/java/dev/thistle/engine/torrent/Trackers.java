package dev.thistle.engine.torrent;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.engine.discovery.AnnounceOutcome;
import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.TrackerSnapshot;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.SwarmCounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What trackers are told of the torrent, and what each of them said last.
///
/// [#request] runs on the announcer's thread and reads the latest snapshot only; everything else
/// belongs to the torrent's thread.
final class Trackers {

    /// Peers asked of a tracker: libtorrent's and qBittorrent's default.
    private static final int NUM_WANT = 200;

    private static final long UNKNOWN_LEFT_BYTES = 16 * 1024;

    private final InfoHash infoHash;
    private final Surroundings around;
    private final Supplier<TorrentSnapshot> latest;
    private final int key;
    private final CryptoLevel crypto;
    private @Nullable String serving;
    private final Map<Tracker, TrackerSnapshot> said = new LinkedHashMap<>();

    /// @param incoming what callers of the torrent have to expect
    Trackers(
            InfoHash infoHash,
            Surroundings around,
            Level incoming,
            Supplier<TorrentSnapshot> latest) {
        this.infoHash = infoHash;
        this.around = around;
        this.latest = latest;
        key = around.random().nextInt();
        crypto =
                switch (incoming) {
                    case OFF -> CryptoLevel.NONE;
                    case ALLOW, PREFER -> CryptoLevel.SUPPORTED;
                    case REQUIRE -> CryptoLevel.REQUIRED;
                };
    }

    AnnounceRequest request(InfoHash swarm, AnnounceEvent event, @Nullable String trackerId) {
        TorrentSnapshot look = latest.get();
        AnnounceEvent told =
                isPartialSeed(look) && event != AnnounceEvent.STOPPED
                        ? AnnounceEvent.PAUSED
                        : event;
        return new AnnounceRequest(
                swarm,
                around.ourId(),
                around.listenPort(),
                look.uploadedBytes(),
                look.downloadedBytes(),
                leftBytes(look),
                told,
                event == AnnounceEvent.STOPPED ? 0 : NUM_WANT,
                key,
                crypto,
                trackerId);
    }

    /// It has what it wants and not everything (BEP 21).
    private static boolean isPartialSeed(TorrentSnapshot look) {
        return look.isFinished() && !look.isComplete();
    }

    /// As long as only a magnet link is known, what libtorrent says then: not nothing, which would
    /// make us a seeder.
    private static long leftBytes(TorrentSnapshot look) {
        return look.state() == TorrentSnapshot.State.METADATA
                ? UNKNOWN_LEFT_BYTES
                : look.lengthBytes() - look.verifiedBytes();
    }

    /// Keeps what came of an announce.
    ///
    /// @return whether a tracker serves us now and another one did before
    boolean heard(AnnounceOutcome outcome) {
        Tracker tracker = outcome.tracker();
        boolean isAnother = false;
        switch (outcome) {
            case AnnounceOutcome.Answered(_, _, var answer) -> {
                int count = answer.peers().size();
                String peers = count == 1 ? "1 peer" : "%d peers".formatted(count);
                note(tracker, true, answer.warning().orElse(peers), counts(answer));
                tell(new SessionEvent.TrackerAnswered(infoHash, tracker.url(), count));
                isAnother = serving != null && !serving.equals(tracker.url());
                serving = tracker.url();
            }
            case AnnounceOutcome.Failed(_, String reason) -> {
                note(tracker, false, reason, Optional.empty());
                tell(new SessionEvent.TrackerFailed(infoHash, tracker.url(), reason));
            }
            case AnnounceOutcome.Counted(_, SwarmCounts counts) -> {
                TrackerSnapshot last = said.get(tracker);
                if (last != null) {
                    note(tracker, last.worked(), last.result(), Optional.of(counts));
                }
            }
        }
        return isAnother;
    }

    private void tell(SessionEvent event) {
        around.events().accept(event);
    }

    private static Optional<SwarmCounts> counts(AnnounceAnswer.Accepted answer) {
        boolean said = answer.complete() >= 0 || answer.incomplete() >= 0;
        return said
                ? Optional.of(new SwarmCounts(answer.complete(), answer.incomplete(), -1, -1))
                : Optional.empty();
    }

    /// What was counted stands until something newer is.
    private void note(
            Tracker tracker, boolean worked, String result, Optional<SwarmCounts> counts) {
        TrackerSnapshot last = said.get(tracker);
        Optional<SwarmCounts> known = counts.or(() -> last == null ? counts : last.counts());
        said.put(
                tracker, new TrackerSnapshot(tracker.url(), tracker.form(), worked, result, known));
    }

    List<TrackerSnapshot> snapshots() {
        return List.copyOf(said.values());
    }
}
