package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.event.SessionEvent.Completed;
import dev.thistle.engine.event.SessionEvent.OfTorrent;
import dev.thistle.engine.event.SessionEvent.PeerBanned;
import dev.thistle.engine.event.SessionEvent.PeerJoined;
import dev.thistle.engine.event.SessionEvent.PeerLeft;
import dev.thistle.engine.event.SessionEvent.PieceFailed;
import dev.thistle.engine.event.SessionEvent.PieceVerified;
import dev.thistle.engine.event.SessionEvent.StateChanged;
import dev.thistle.engine.event.SessionEvent.TorrentAdded;
import dev.thistle.engine.event.SessionEvent.TorrentRemoved;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Metainfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a session tells of its torrents.
@Timeout(30)
class SessionEventsTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(10 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);
    private static final InfoHash HASH = METAINFO.infoHash();

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    /// Everything until the torrent is removed.
    private static List<SessionEvent> untilRemoved(LinkedBlockingQueue<SessionEvent> events)
            throws InterruptedException {
        var all = new ArrayList<SessionEvent>();
        do {
            all.add(events.take());
        } while (!(all.getLast() instanceof TorrentRemoved));
        return all;
    }

    @Test
    void the_life_of_a_download_is_told_in_order() throws Exception {
        lab.session(1).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK).completed().join();
        var events = new LinkedBlockingQueue<SessionEvent>();
        Session session = lab.session(2);
        try (var _ = session.listen(events::add)) {
            Torrent torrent = session.add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
            torrent.addPeers(List.of(Lab.address(1)));
            torrent.completed().join();
            torrent.stop().join();
            List<SessionEvent> all = untilRemoved(events);

            assertThat(all)
                    .startsWith(
                            new TorrentAdded(HASH, "content"),
                            new StateChanged(HASH, State.CHECKING, State.DOWNLOADING))
                    .containsSubsequence(
                            new PeerJoined(HASH, lab.socket(1), false),
                            new StateChanged(HASH, State.DOWNLOADING, State.SEEDING),
                            new Completed(HASH),
                            new StateChanged(HASH, State.SEEDING, State.STOPPED))
                    .endsWith(new TorrentRemoved(HASH));
            assertThat(all.stream().filter(PieceVerified.class::isInstance).distinct())
                    .hasSize(METAINFO.pieceCount());
            assertThat(all.stream().filter(PeerLeft.class::isInstance))
                    .hasSameSizeAs(all.stream().filter(PeerJoined.class::isInstance).toList());
            assertThat(all).allMatch(event -> ((OfTorrent) event).infoHash().equals(HASH));
        }
    }

    @Test
    void a_bad_piece_and_the_ban_for_it_are_told() throws Exception {
        var liar = new CountingStore(CONTENT);
        lab.session(1).add(METAINFO, liar, Lab.QUICK).completed().join();
        liar.lies = true;
        var events = new LinkedBlockingQueue<SessionEvent>();
        Session session = lab.session(2);
        try (var _ = session.listen(events::add)) {
            Torrent torrent = session.add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
            torrent.addPeers(List.of(Lab.address(1)));
            SessionEvent next = events.take();
            while (!(next instanceof PieceFailed)) {
                next = events.take();
            }
            while (!(next instanceof PeerBanned)) {
                next = events.take();
            }
            assertThat(((PeerBanned) next).address()).isEqualTo(lab.socket(1).getAddress());
        }
    }

    @Test
    void a_torrent_that_was_stopped_can_be_added_again_at_once() throws Exception {
        Session session = lab.session(1);
        for (int i = 0; i < 20; i++) {
            Torrent torrent = session.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
            assertThat(session.torrents()).hasSize(1);
            assertThat(session.torrent(HASH)).isPresent();
            torrent.stop().join();
            assertThat(session.torrents()).isEmpty();
            assertThat(session.torrent(HASH)).isEmpty();
        }
    }

    /// On the real network, each with everything it needs: nothing is shared.
    @Test
    void several_sessions_live_side_by_side_in_one_program(@TempDir Path folder) throws Exception {
        try (var seeder = Session.open(SessionSettings.DEFAULT);
                var one = Session.open(SessionSettings.DEFAULT);
                var other = Session.open(SessionSettings.DEFAULT)) {
            seeder.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK).completed().join();
            var address = PeerAddress.of(new byte[] {127, 0, 0, 1}, seeder.port());
            Torrent first = one.add(METAINFO, folder.resolve("one"));
            Torrent second = other.add(METAINFO, folder.resolve("other"));
            first.addPeers(List.of(address));
            second.addPeers(List.of(address));
            first.completed().join();
            second.completed().join();
            assertThat(one.peerId()).isNotEqualTo(other.peerId());
            assertThat(one.port()).isNotEqualTo(other.port());
        }
        assertThat(folder.resolve("one/content")).hasBinaryContent(CONTENT);
        assertThat(folder.resolve("other/content")).hasBinaryContent(CONTENT);
    }
}
