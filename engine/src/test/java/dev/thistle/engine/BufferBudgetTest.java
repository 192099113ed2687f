package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.snapshot.BufferUse;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One MiB for the bytes of all peers: four buffers to receive with, two to send with.
@Timeout(60)
class BufferBudgetTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(200 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Session frugal(int host) throws IOException {
        return lab.session(
                SessionSettings.of(lab.socket(host), EncryptionPolicy.DEFAULT)
                        .withBuffers(new BufferLimits(BufferLimits.MIN_BYTES)),
                host);
    }

    private static void requireWithin(BufferUse use) {
        assertThat(use.receivingBytes()).isLessThanOrEqualTo(4 * 131_072);
        assertThat(use.sendingBytes()).isLessThanOrEqualTo(2 * 131_072);
    }

    @Test
    void twelve_that_give_to_each_other_with_next_to_no_memory_complete() throws Exception {
        int engines = 12;
        List<PeerAddress> all = IntStream.rangeClosed(1, engines).mapToObj(Lab::address).toList();
        var sessions = new ArrayList<Session>();
        var torrents = new ArrayList<Torrent>();
        for (int host = 1; host <= engines; host++) {
            Session session = frugal(host);
            sessions.add(session);
            var store = host == 1 ? new MemoryStore(CONTENT) : new MemoryStore(CONTENT.length);
            torrents.add(session.add(METAINFO, store, Lab.QUICK));
        }
        torrents.forEach(torrent -> torrent.addPeers(all));
        for (Torrent torrent : torrents) {
            Wait.until(() -> {
                sessions.forEach(session -> requireWithin(session.bufferUse()));
                return torrent.completed().isDone();
            });
            torrent.completed().get();
        }
        for (int i = 0; i < engines; i++) {
            torrents.get(i).stop().get();
            Session session = sessions.get(i);
            Wait.until(() -> session.bufferUse().heldBytes() == 0);
        }
    }

    /// They ask for everything and read nothing of it.
    @Test
    void many_that_do_not_read_hold_no_more_than_the_part_for_sending() throws Exception {
        Session session = frugal(1);
        Torrent torrent =
                session.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.SEEDING);
        var slow = new ArrayList<RawPeer>();
        for (int i = 0; i < 4; i++) {
            RawPeer peer = RawPeer.call(lab.host(50 + i), lab.socket(1), METAINFO.infoHash());
            peer.say(new PeerMessage.Interested());
            slow.add(peer);
        }
        Wait.until(() ->
                torrent.snapshot().peers().stream().filter(p -> !p.isChokedByUs()).count() == 4);
        for (RawPeer peer : slow) {
            for (int piece = 0; piece < 200; piece++) {
                peer.say(new PeerMessage.Request(piece, 0, 16 * 1024));
                peer.say(new PeerMessage.Request(piece, 16 * 1024, 16 * 1024));
            }
        }
        Wait.until(() -> session.bufferUse().waiting() == 2);
        requireWithin(session.bufferUse());
        assertThat(session.bufferUse().sendingBytes()).isEqualTo(2 * 131_072);

        slow.forEach(RawPeer::close);
        Wait.until(() -> session.bufferUse().heldBytes() == 0);
        assertThat(session.bufferUse().waiting()).isZero();
    }
}
