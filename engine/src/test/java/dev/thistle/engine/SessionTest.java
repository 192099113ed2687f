package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.FileStore.StoredFile;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Reach;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.mse.PadPolicy;
import dev.thistle.protocol.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole sessions that talk to each other over a network in memory.
@Timeout(30)
class SessionTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(10 * PIECE + 17);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Torrent seed(int host) throws Exception {
        return lab.session(host).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
    }

    private static void waitForSeed(Torrent torrent) {
        torrent.completed().join();
    }

    static Stream<Arguments> policies() {
        return Arrays.stream(Level.values())
                .flatMap(a -> Arrays.stream(Level.values()).map(b -> Arguments.of(a, b)));
    }

    @ParameterizedTest(name = "leecher {0}, seeder {1}")
    @MethodSource("policies")
    void two_policies_find_a_common_way_unless_one_forbids_what_the_other_requires(
            Level leecherLevel, Level seederLevel) throws Exception {
        var seeder = lab.session(1, new EncryptionPolicy(seederLevel, Cipher.ANY));
        waitForSeed(seeder.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK));
        var calls = new Lab.Calls(lab.host(2));
        var leecher = lab.session(2, new EncryptionPolicy(leecherLevel, Cipher.ANY), calls);
        var store = new MemoryStore(CONTENT.length);
        Torrent torrent = leecher.add(METAINFO, store, Lab.QUICK);
        torrent.addPeers(List.of(Lab.address(1)));
        boolean never =
                List.of(leecherLevel, seederLevel).containsAll(List.of(Level.OFF, Level.REQUIRE));
        if (never) {
            Wait.until(() -> calls.made.size() == 3); // then the address is forgotten
            assertThat(torrent.snapshot().downloadedBytes()).isZero();
        } else {
            torrent.completed().get();
            assertThat(store.content()).isEqualTo(CONTENT);
        }
    }

    @Test
    void a_peer_that_sends_corrupt_blocks_is_banned_and_the_others_deliver() throws Exception {
        var liarStore = new CountingStore(CONTENT);
        Torrent liar = lab.session(1).add(METAINFO, liarStore, Lab.QUICK);
        waitForSeed(liar);
        liarStore.lies = true;
        waitForSeed(seed(2));
        var calls = new Lab.Calls(lab.host(3));
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher =
                lab.session(3, EncryptionPolicy.DEFAULT, calls).add(METAINFO, store, Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> leecher.snapshot().failedPieces() > 0);
        Wait.until(() -> leecher.snapshot().peers().isEmpty());
        leecher.addPeers(List.of(Lab.address(1), Lab.address(2)));
        TorrentSnapshot done = leecher.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
        assertThat(done.wastedBytes()).isPositive();
        long callsToLiar = calls.made.stream().filter(lab.socket(1)::equals).count();
        assertThat(callsToLiar).as("the first, and one that finds it banned").isLessThan(3);
    }

    @Test
    void a_bad_peer_among_good_ones_does_not_stop_the_download() throws Exception {
        var liarStore = new CountingStore(CONTENT);
        waitForSeed(lab.session(1).add(METAINFO, liarStore, Lab.QUICK));
        liarStore.lies = true;
        waitForSeed(seed(2));
        waitForSeed(seed(3));
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = lab.session(4).add(METAINFO, store, Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1), Lab.address(2), Lab.address(3)));
        leecher.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
    }

    @Test
    void two_that_call_each_other_settle_on_one_connection() throws Exception {
        byte[] first = CONTENT.clone();
        Arrays.fill(first, 5 * PIECE, CONTENT.length, (byte) 0);
        byte[] second = CONTENT.clone();
        Arrays.fill(second, 0, 5 * PIECE, (byte) 0);
        lab.host(1).line(400_000, 400_000);
        lab.host(2).line(400_000, 400_000);
        var callsOfA = new Lab.Calls(lab.host(1));
        var callsOfB = new Lab.Calls(lab.host(2));
        Torrent a =
                lab.session(1, EncryptionPolicy.DEFAULT, callsOfA)
                        .add(METAINFO, new MemoryStore(first), Lab.QUICK);
        Torrent b =
                lab.session(2, EncryptionPolicy.DEFAULT, callsOfB)
                        .add(METAINFO, new MemoryStore(second), Lab.QUICK);
        a.addPeers(List.of(Lab.address(2)));
        b.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> a.snapshot().peers().size() == 1 && b.snapshot().peers().size() == 1);
        a.completed().get();
        b.completed().get();
        assertThat(callsOfA.made.size() + callsOfB.made.size())
                .as("one each and a few that crossed")
                .isLessThan(6);
    }

    /// Of two connections the one counts that the greater peer id opened; ours begins with `-XX`.
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"-ZZ0000-", "-AA0000-"})
    void of_two_connections_that_of_the_greater_peer_id_stays(String prefix) throws Exception {
        PeerId id = PeerId.random(prefix, new Random(1));
        boolean itsCallStays = prefix.equals("-ZZ0000-");
        var calls = new Lab.Calls(lab.host(1));
        Torrent torrent =
                lab.session(1, new EncryptionPolicy(Level.OFF, Cipher.ANY), calls)
                        .add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        try (var port = lab.host(2).listen(lab.socket(2));
                var itsCall = RawPeer.connect(lab.host(2), lab.socket(1))) {
            Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
            itsCall.greet(METAINFO.infoHash(), id);
            Wait.until(() -> torrent.snapshot().peers().size() == 1);
            torrent.addPeers(List.of(Lab.address(2)));
            try (RawPeer ourCall = RawPeer.answer(port.accept(), METAINFO, id)) {
                (itsCallStays ? ourCall : itsCall).untilDropped();
                RawPeer stays = itsCallStays ? itsCall : ourCall;
                stays.say(new PeerMessage.HaveAll());
                stays.hear(PeerMessage.Interested.class);
                stays.untilDropped(); // for silence, long after it could have been called again
                assertThat(calls.made).hasSizeLessThan(3);
            }
        }
    }

    @Test
    void a_peer_whose_own_call_replaced_ours_is_not_called_again() throws Exception {
        PeerId greater = PeerId.random("-ZZ0000-", new Random(1));
        var calls = new Lab.Calls(lab.host(1));
        Torrent torrent =
                lab.session(1, new EncryptionPolicy(Level.OFF, Cipher.ANY), calls)
                        .add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        try (var port = lab.host(2).listen(lab.socket(2))) {
            torrent.addPeers(List.of(Lab.address(2)));
            try (RawPeer ourCall = RawPeer.answer(port.accept(), METAINFO, greater);
                    RawPeer itsCall = RawPeer.connect(lab.host(2), lab.socket(1))) {
                ourCall.hear(PeerMessage.HaveNone.class);
                itsCall.greet(METAINFO.infoHash(), greater);
                ourCall.untilDropped();
                itsCall.untilDropped(); // for silence, long after it could have been called again
                assertThat(calls.made).hasSizeLessThan(3);
            }
        }
    }

    @Test
    void a_session_that_finds_itself_hangs_up_and_never_calls_itself_again() throws Exception {
        var calls = new Lab.Calls(lab.host(1));
        Torrent torrent =
                lab.session(1, EncryptionPolicy.DEFAULT, calls)
                        .add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        torrent.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> calls.made.size() == 1);
        waitForSeed(seed(2));
        torrent.addPeers(List.of(Lab.address(1), Lab.address(2)));
        torrent.completed().get();
        assertThat(calls.made).filteredOn(lab.socket(1)::equals).hasSize(1);
    }

    @Test
    void what_is_there_is_not_downloaded_again() throws Exception {
        byte[] half = CONTENT.clone();
        Arrays.fill(half, 0, 5 * PIECE, (byte) 0);
        var store = new CountingStore(half);
        waitForSeed(seed(1));
        Torrent leecher = lab.session(2).add(METAINFO, store, Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
        assertThat(store.writtenBytes.get()).isEqualTo(5 * PIECE);
        leecher.stop().get();
        assertThat(leecher.snapshot().downloadedBytes()).isEqualTo(5 * PIECE);
        assertThat(leecher.snapshot().wastedBytes()).isZero();
        assertThat(store.closed).isTrue();
    }

    @Test
    void what_was_verified_before_a_stop_is_not_downloaded_by_the_next_session() throws Exception {
        lab.host(1).line(500_000, 500_000);
        waitForSeed(seed(1));
        var store = new CountingStore(new byte[CONTENT.length]);
        Torrent first = lab.session(2).add(METAINFO, store, Lab.QUICK);
        first.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> first.snapshot().verifiedBytes() > 2 * PIECE);
        TorrentSnapshot stopped = first.stop().get();
        assertThat(stopped.state()).isEqualTo(State.STOPPED);
        assertThat(stopped.isComplete()).isFalse();
        assertThatThrownBy(() -> first.completed().get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("stopped");
        store.writtenBytes.set(0);
        Torrent second = lab.session(3).add(METAINFO, store, Lab.QUICK);
        second.addPeers(List.of(Lab.address(1)));
        second.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
        assertThat(store.writtenBytes.get()).isEqualTo(CONTENT.length - stopped.verifiedBytes());
    }

    @Test
    void a_torrent_of_many_files_lands_in_a_folder(@TempDir Path folder) throws Exception {
        int[] lengths = {5, 0, 2 * PIECE, 100, PIECE - 105, CONTENT.length - 3 * PIECE};
        Metainfo metainfo = Torrents.ofFolder("many", CONTENT, PIECE, lengths);
        var files =
                metainfo.files().stream()
                        .map(file ->
                                new StoredFile(
                                        file.path(),
                                        file.position(),
                                        file.lengthBytes(),
                                        file.padding()))
                        .toList();
        waitForSeed(lab.session(1).add(metainfo, new MemoryStore(CONTENT), Lab.QUICK));
        Torrent leecher =
                lab.session(2).add(metainfo, FileStore.open(folder, files, true), Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
        leecher.stop().get();
        int position = 0;
        for (int i = 0; i < lengths.length; i++) {
            byte[] expected = Arrays.copyOfRange(CONTENT, position, position + lengths[i]);
            assertThat(Files.readAllBytes(folder.resolve("file-" + i))).isEqualTo(expected);
            position += lengths[i];
        }
    }

    @Test
    void a_store_that_cannot_read_fails_the_seeder_and_not_the_leecher() throws Exception {
        var broken = new CountingStore(CONTENT);
        Torrent seeder = lab.session(1).add(METAINFO, broken, Lab.QUICK);
        waitForSeed(seeder);
        broken.readFails = "the disk fell off";
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = lab.session(2).add(METAINFO, store, Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        assertThat(seeder.ended().get().error().orElseThrow()).endsWith("the disk fell off");
        waitForSeed(seed(3));
        leecher.addPeers(List.of(Lab.address(3)));
        leecher.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
    }

    @Test
    void a_seed_whose_file_is_cut_stops_with_one_line_and_sends_nothing_wrong(@TempDir Path folder)
            throws Exception {
        Path file = Files.write(folder.resolve("content"), CONTENT);
        var whole = List.of(new StoredFile(List.of("content"), 0, CONTENT.length, false));
        Torrent seeder =
                lab.session(1).add(METAINFO, FileStore.open(folder, whole, false), Lab.QUICK);
        waitForSeed(seeder);
        Files.write(file, Arrays.copyOf(CONTENT, PIECE)); // in place, as a shell's > does
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = lab.session(2).add(METAINFO, store, Lab.QUICK);

        leecher.addPeers(List.of(Lab.address(1)));

        assertThat(seeder.ended().get().error().orElseThrow())
                .matches("reading piece \\d+: content: ends at byte 32768, needed at least \\d+");
        assertThat(leecher.snapshot().failedPieces()).isZero();
    }

    @Test
    void a_store_that_cannot_be_checked_fails_the_torrent() throws Exception {
        var broken = new CountingStore(CONTENT);
        broken.readFails = "the disk fell off";
        Torrent torrent = lab.session(1).add(METAINFO, broken, Lab.QUICK);
        assertThat(torrent.ended().get().error()).contains("the disk fell off");
    }

    @Test
    void two_seeds_hang_up_and_do_not_call_each_other_again() throws Exception {
        waitForSeed(seed(1));
        var calls = new Lab.Calls(lab.host(2));
        Torrent other =
                lab.session(2, EncryptionPolicy.DEFAULT, calls)
                        .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
        waitForSeed(other);
        other.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> calls.made.size() == 1);
        lab.host(2).line(400_000, 400_000); // a second, in which it could call many times
        var leecher = lab.session(3).add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(2)));
        leecher.completed().get();
        assertThat(calls.made).hasSize(1);
    }

    @Test
    void a_torrent_is_added_once_and_never_to_a_closed_session() throws Exception {
        Session session = lab.session(1);
        waitForSeed(session.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK));
        assertThatThrownBy(() -> session.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK))
                .isInstanceOf(IllegalArgumentException.class);
        session.close();
        assertThatThrownBy(() -> session.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK))
                .isInstanceOf(IllegalStateException.class);
    }

    /// Both outcomes are right; a torrent that runs on in a closed session is not.
    @Test
    void a_torrent_added_while_the_session_closes_is_refused_or_ends() throws Exception {
        for (int round = 0; round < 300; round++) {
            Session session =
                    Session.open(
                            new SessionSettings(
                                    Optional.empty(),
                                    EncryptionPolicy.DEFAULT,
                                    EncryptionPolicy.DEFAULT,
                                    PadPolicy.RANDOM,
                                    "test"),
                            lab.host(1),
                            new Random(round));
            var ready = new CountDownLatch(1);
            var added =
                    new FutureTask<>(() -> {
                        ready.countDown();
                        return session.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
                    });
            Thread.ofPlatform().start(added);
            ready.await();
            session.close();
            try {
                assertThat(added.get().ended()).isDone();
            } catch (ExecutionException refused) {
                assertThat(refused).hasCauseInstanceOf(IllegalStateException.class);
            }
        }
    }

    /// Whatever torrents there are, and however patient these are with whom they call.
    @Test
    void a_caller_that_does_not_finish_its_greeting_is_hung_up_on() throws Exception {
        var patience = Duration.ofMillis(200);
        var settings =
                SessionSettings.of(lab.socket(1), EncryptionPolicy.DEFAULT)
                        .withGreetingPatience(patience);
        lab.session(settings, 1);
        try (RawPeer caller = RawPeer.connect(lab.host(2), lab.socket(1))) {
            caller.send(ByteBuffer.wrap(new byte[] {19, 'B', 'i', 't'}));
            caller.untilDropped();
        }
        assertThat(SessionSettings.DEFAULT.greetingPatience()).isEqualTo(Duration.ofSeconds(30));
        assertThatThrownBy(() -> settings.withGreetingPatience(Duration.ZERO))
                .hasMessageContaining("greeting-patience");
    }

    @Test
    void no_thread_is_left_after_a_session_is_closed() throws Exception {
        waitForSeed(seed(1));
        lab.host(9).reach(Reach.SILENT); // calls to it have all the patience of the default
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = lab.session(2).add(METAINFO, store, TorrentSettings.DEFAULT);
        leecher.addPeers(List.of(Lab.address(1), Lab.address(9)));
        try (RawPeer stranger = RawPeer.connect(lab.host(3), lab.socket(1))) {
            leecher.completed().get();
            assertThat(EngineThreads.alive()).isNotEmpty();
            long start = System.nanoTime();
            lab.close();
            Wait.until(() -> EngineThreads.alive().isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(TorrentSettings.DEFAULT.greetingPatience().dividedBy(2));
            stranger.untilDropped();
        }
    }
}
