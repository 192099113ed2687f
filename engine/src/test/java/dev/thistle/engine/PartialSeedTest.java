package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot.TrackerSnapshot;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.ExtendedHandshake.Whereabouts;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who has all it wants, though perhaps not everything (BEP 21).
@Timeout(30)
class PartialSeedTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(4 * PIECE);
    private static final Metainfo METAINFO =
            Torrents.ofFolder("folder", CONTENT, PIECE, 2 * PIECE, 2 * PIECE);
    private static final Selection FIRST_FILE = Selection.only(Set.of(0));
    private static final int UPLOAD_ONLY_ID = 17;

    /// Whose peers may be silent while a minute is skipped.
    private static final TorrentSettings PATIENT =
            new TorrentSettings(
                    20,
                    10,
                    4,
                    Duration.ofMillis(200),
                    Duration.ofMillis(600),
                    Duration.ofMinutes(30),
                    Duration.ofMinutes(30),
                    Duration.ofMinutes(30),
                    Duration.ofMillis(50));

    private final Lab lab = new Lab();
    private final AtomicLong ahead = new AtomicLong();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    /// Has the first file, and wants no other.
    private Torrent partialSeed(int host) throws IOException {
        byte[] half = CONTENT.clone();
        Arrays.fill(half, CONTENT.length / 2, CONTENT.length, (byte) 0);
        return add(host, METAINFO, half, FIRST_FILE);
    }

    private Torrent add(int host, Metainfo metainfo, byte[] content, Selection selection)
            throws IOException {
        Torrent torrent =
                lab.session(host, () -> System.nanoTime() + ahead.get())
                        .add(metainfo, new MemoryStore(content), PATIENT.withSelection(selection));
        torrent.completed().join();
        return torrent;
    }

    private RawPeer call(int host, Map<String, Integer> extensions) throws IOException {
        RawPeer peer = RawPeer.call(lab.host(host), lab.socket(1), METAINFO.infoHash());
        var extended =
                new ExtendedHandshake(
                        extensions,
                        Whereabouts.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        peer.say(new PeerMessage.Extended(0, extended.encode()));
        return peer;
    }

    private static void letAMinutePass(AtomicLong clock) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(61));
    }

    private static byte[] hearUploadOnly(RawPeer peer) throws IOException {
        while (true) {
            var extended = peer.hear(PeerMessage.Extended.class);
            if (extended.extensionId() == UPLOAD_ONLY_ID) {
                byte[] payload = new byte[extended.payload().remaining()];
                extended.payload().get(payload);
                return payload;
            }
        }
    }

    @Test
    void newcomers_hear_that_it_wants_nothing() throws Exception {
        var _ = partialSeed(1);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            ByteBuffer extended = peer.hear(PeerMessage.Extended.class).payload();
            assertThat(ExtendedHandshake.decode(extended).uploadOnly()).contains(true);
        }
    }

    @Test
    void peers_hear_when_it_wants_more_and_when_it_does_no_more() throws Exception {
        Torrent torrent = partialSeed(1);
        try (RawPeer peer = call(2, Map.of("upload_only", UPLOAD_ONLY_ID))) {
            peer.say(new PeerMessage.Interested());
            assertThat(peer.hear(PeerMessage.Unchoke.class)).as("is introduced").isNotNull();

            torrent.select(Selection.ALL);
            assertThat(hearUploadOnly(peer)).containsExactly(0);
            torrent.select(FIRST_FILE);
            assertThat(hearUploadOnly(peer)).containsExactly(1);
        }
    }

    @ParameterizedTest(name = "complete: {0}")
    @ValueSource(booleans = {true, false})
    void a_seed_that_exchanges_peers_stays_for_a_minute_and_another_does_not(boolean isComplete)
            throws Exception {
        var _ = isComplete ? add(1, METAINFO, CONTENT, Selection.ALL) : partialSeed(1);
        try (RawPeer exchanging = call(2, Map.of("ut_pex", 5));
                RawPeer other = call(3, Map.of("ut_metadata", 5))) {
            exchanging.say(new PeerMessage.HaveAll(), new PeerMessage.Interested());
            assertThat(exchanging.hear(PeerMessage.Unchoke.class)).as("is a seed").isNotNull();
            other.say(new PeerMessage.HaveAll());
            other.untilDropped();

            exchanging.say(new PeerMessage.NotInterested());
            assertThat(exchanging.hear(PeerMessage.Choke.class)).as("is there").isNotNull();
            letAMinutePass(ahead);
            exchanging.untilDropped();
        }
    }

    @Test
    void a_seed_that_was_of_no_use_is_called_again_when_more_is_wanted() throws Exception {
        var seed = lab.session(2).add(METAINFO, new MemoryStore(CONTENT), PATIENT);
        seed.completed().join();
        Torrent torrent = partialSeed(1);
        torrent.select(Selection.ALL.withFile(1, Priority.SKIP).withPiece(2, Priority.NORMAL));
        torrent.addPeers(List.of(Lab.address(2)));
        Wait.until(() -> torrent.snapshot().verifiedBytes() == 3 * PIECE);
        letAMinutePass(ahead);
        Wait.until(() -> torrent.snapshot().peers().isEmpty());

        torrent.select(Selection.ALL);

        Wait.until(() -> torrent.snapshot().isComplete());
    }

    /// BEP 21: in every announce; but goodbye is goodbye.
    @Test
    void the_tracker_hears_that_it_is_paused() throws Exception {
        try (var tracker = new MemoryTracker(lab.host(9))) {
            var builder =
                    TorrentBuilder.ofFolder("folder", PIECE)
                            .file(List.of("a"), 2 * PIECE)
                            .file(List.of("b"), 2 * PIECE)
                            .announceTier(List.of(tracker.url()));
            Metainfo metainfo = Torrents.of(builder, CONTENT, PIECE);
            Torrent seed = add(1, metainfo, CONTENT, Selection.ALL);
            assertThat(tracker.requests.take()).contains("left=0&").contains("event=started");
            assertStops(seed, tracker);

            byte[] half = CONTENT.clone();
            Arrays.fill(half, CONTENT.length / 2, CONTENT.length, (byte) 0);
            Torrent partial = add(2, metainfo, half, FIRST_FILE);
            assertThat(tracker.requests.take()).contains("left=32768&").contains("event=paused");
            assertStops(partial, tracker);
        }
    }

    private static void assertStops(Torrent torrent, MemoryTracker tracker) throws Exception {
        Wait.until(() -> torrent.snapshot().trackers().stream().anyMatch(TrackerSnapshot::worked));
        torrent.stop().join();
        assertThat(tracker.requests.take()).contains("event=stopped");
    }
}
