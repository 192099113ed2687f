package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.event.SessionEvent.StateChanged;
import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.snapshot.Ban;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.FileStore.StoredFile;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What may befall a torrent from outside. It says what is wrong, and goes on where that is
/// possible.
@Timeout(60)
class MisfortuneTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(100 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();
    private final GatedStore seeder = new GatedStore(CONTENT);

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Session seed() throws Exception {
        Session session = lab.session(1);
        session.add(METAINFO, seeder, Lab.QUICK).completed().join();
        return session;
    }

    @Test
    void a_full_disk_halts_a_download_until_there_is_room_again() throws Exception {
        seed();
        var store = new CountingStore(new byte[CONTENT.length]);
        Torrent torrent = lab.session(2).add(METAINFO, store, Lab.QUICK);
        store.writeFails = "no space left on the thistle";
        torrent.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> torrent.snapshot().state() == State.HALTED);
        TorrentSnapshot halted = torrent.snapshot();
        assertThat(halted.error().orElseThrow())
                .startsWith("writing piece ")
                .endsWith("no space left on the thistle");
        Wait.until(() -> torrent.snapshot().peers().isEmpty());
        assertThat(torrent.completed()).isNotDone();

        store.writeFails = null;
        torrent.retry();
        torrent.completed().get();

        assertThat(torrent.snapshot().error()).isEmpty();
        assertThat(store.content()).isEqualTo(CONTENT);
    }

    /// A block of what is not wanted any more, and was asked for before, finds the disk full.
    @Test
    void what_was_complete_before_a_halt_is_told_once() throws Exception {
        Metainfo twoFiles =
                Torrents.ofFolder("folder", CONTENT, PIECE, PIECE, CONTENT.length - PIECE);
        var store = new CountingStore(new byte[CONTENT.length]);
        Session session = lab.session(2);
        var told = new CopyOnWriteArrayList<SessionEvent>();
        Torrent torrent = session.add(twoFiles, store, Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
        try (var _ = session.listen(told::add);
                RawPeer peer = RawPeer.call(lab.host(3), lab.socket(2), twoFiles.infoHash())) {
            peer.say(new PeerMessage.Bitfield(ByteBuffer.wrap(bits(2))), new PeerMessage.Unchoke());
            var asked = new ArrayList<PeerMessage.Request>();
            while (asked.size() < 4) {
                asked.add(peer.hear(PeerMessage.Request.class));
            }
            torrent.select(Selection.ALL.withFile(1, Priority.SKIP));
            for (PeerMessage.Request request : asked) {
                if (request.piece() == 0) {
                    give(peer, request);
                }
            }
            torrent.completed().get();
            store.writeFails = "no space left on the thistle";
            give(peer, asked.stream().filter(request -> request.piece() == 1).findFirst().get());
            Wait.until(() -> torrent.snapshot().state() == State.HALTED);
            store.writeFails = null;
            torrent.retry();
            Wait.until(() -> torrent.snapshot().state() == State.SEEDING);

            torrent.select(Selection.ALL);
            Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
            torrent.select(Selection.ALL.withFile(1, Priority.SKIP));
            Wait.until(() -> torrent.snapshot().state() == State.SEEDING);
            torrent.stop().get();
            Wait.until(() -> told.getLast() instanceof SessionEvent.TorrentRemoved);
        }
        assertThat(told)
                .filteredOn(SessionEvent.Completed.class::isInstance)
                .as("of the first file, and after more had been wanted")
                .hasSize(2);
    }

    private static byte[] bits(int pieces) {
        byte[] bits = new byte[13];
        bits[0] = (byte) (0xFF << (8 - pieces));
        return bits;
    }

    private static void give(RawPeer peer, PeerMessage.Request request) throws Exception {
        int from = request.piece() * PIECE + request.begin();
        var data = ByteBuffer.wrap(CONTENT, from, request.length()).slice();
        peer.say(new PeerMessage.Piece(request.piece(), request.begin(), data));
    }

    @Test
    void a_disk_that_is_still_full_halts_it_again_and_it_can_be_stopped() throws Exception {
        seed();
        var store = new CountingStore(new byte[CONTENT.length]);
        store.writeFails = "no space left on the thistle";
        Session session = lab.session(2);
        var halts = new AtomicInteger();
        try (var _ =
                session.listen(event -> {
                    if (event instanceof StateChanged change && change.to() == State.HALTED) {
                        halts.incrementAndGet();
                    }
                })) {
            Torrent torrent = session.add(METAINFO, store, Lab.QUICK);
            torrent.addPeers(List.of(Lab.address(1)));
            Wait.until(() -> halts.get() == 1);
            torrent.retry();
            Wait.until(() -> halts.get() == 2);
            assertThat(torrent.stop().get().state()).isEqualTo(State.STOPPED);
        }
        assertThat(store.closed).isTrue();
    }

    @Test
    void a_file_that_is_deleted_under_a_download_is_told_and_never_called_complete(
            @TempDir Path folder) throws Exception {
        seed();
        seeder.allow(100); // of 200 blocks
        var settings = Lab.QUICK.withResume(ResumeSettings.beside(folder, METAINFO.infoHash()));
        Torrent torrent =
                lab.session(2).add(METAINFO, FileStore.open(folder, METAINFO, true), settings);
        torrent.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> torrent.snapshot().verifiedBytes() > PIECE);
        Files.delete(folder.resolve("content"));
        seeder.open();

        TorrentSnapshot ended = torrent.ended().get();

        assertThat(ended.state()).isEqualTo(State.FAILED);
        assertThat(ended.error()).hasValue("content was deleted while it was in use");
        assertThat(torrent.completed()).isCompletedExceptionally();
        Torrent again =
                lab.session(3).add(METAINFO, FileStore.open(folder, METAINFO, true), settings);
        again.addPeers(List.of(Lab.address(1)));
        again.completed().get();
        assertThat(folder.resolve("content")).hasBinaryContent(CONTENT);
    }

    @Test
    void a_finished_file_that_is_deleted_while_others_come_is_told_at_the_end(@TempDir Path folder)
            throws Exception {
        seed();
        seeder.allow(100); // of 200 blocks
        var files =
                List.of(
                        new StoredFile(List.of("early"), 0, PIECE, false),
                        new StoredFile(List.of("late"), PIECE, CONTENT.length - PIECE, false));
        var settings =
                Lab.QUICK
                        .withResume(ResumeSettings.beside(folder, METAINFO.infoHash()))
                        .withSelection(Selection.ALL.withSequential(true));
        Torrent torrent =
                lab.session(2).add(METAINFO, FileStore.open(folder, files, true), settings);
        torrent.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> torrent.snapshot().verifiedBytes() > 2 * PIECE);
        Files.delete(folder.resolve("early"));
        seeder.open();

        TorrentSnapshot ended = torrent.ended().get();

        assertThat(ended.state()).isEqualTo(State.FAILED);
        assertThat(ended.error()).hasValue("early was deleted while it was in use");
        assertThat(torrent.completed()).isCompletedExceptionally();
    }

    @Test
    void a_seed_whose_file_is_deleted_says_so_though_it_could_go_on_serving(@TempDir Path folder)
            throws Exception {
        Path file = Files.write(folder.resolve("content"), CONTENT);
        Torrent torrent =
                lab.session(1)
                        .add(
                                METAINFO,
                                FileStore.open(folder, METAINFO, false),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        torrent.completed().get();
        Wait.until(() -> torrent.snapshot().state() == State.SEEDING);
        RawPeer peer = RawPeer.connect(lab.host(2), lab.socket(1));
        peer.greet(METAINFO.infoHash(), PeerId.random("-XX0100-", new Random(2))); // keeps it awake

        Files.delete(file);

        assertThat(torrent.ended().get().error())
                .hasValue("content was deleted while it was in use");
    }

    @Test
    void a_peer_whose_every_tenth_block_is_wrong_spoils_nothing() throws Exception {
        var liar = new LyingStore(CONTENT, 10);
        lab.session(5).add(METAINFO, liar, Lab.QUICK).completed().get();
        liar.begin();
        var store = new MemoryStore(CONTENT.length);
        Session session = lab.session(2);
        Torrent torrent = session.add(METAINFO, store, Lab.QUICK);
        torrent.addPeers(List.of(Lab.address(5)));
        Wait.until(() -> torrent.snapshot().failedPieces() > 0);
        seed();
        torrent.addPeers(List.of(Lab.address(1)));
        TorrentSnapshot done = torrent.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
        assertThat(done.wastedBytes()).isPositive();
        assertThat(session.bans())
                .extracting(Ban::address)
                .as("the liar, and nobody who was honest")
                .containsExactly(lab.socket(5).getAddress());
    }

    @Test
    void a_thousand_callers_who_say_nothing_keep_nobody_out_and_no_buffer() throws Exception {
        Session session = seed();
        var silent = new ArrayList<RawPeer>();
        for (int i = 0; i < 1_000; i++) {
            MemoryNetwork.Host from = lab.internet.host("10.1.%d.%d".formatted(i / 250, i % 250));
            silent.add(RawPeer.connect(from, lab.socket(1)));
        }
        var store = new MemoryStore(CONTENT.length);
        Torrent torrent = lab.session(2).add(METAINFO, store, Lab.QUICK);
        torrent.addPeers(List.of(Lab.address(1)));
        torrent.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
        Wait.until(() -> session.bufferUse().heldBytes() == 0);
        silent.forEach(RawPeer::close);
    }
}
