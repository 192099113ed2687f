package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.snapshot.Ban;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who harms is shut out, and nobody else.
@Timeout(30)
class BansTest {

    private static final int PIECE = 128 * 1024;
    private static final byte[] CONTENT = Lab.content(PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Session session() throws IOException {
        return lab.session(1, new EncryptionPolicy(Level.OFF, Cipher.ANY));
    }

    private Torrent leecher(Session session) {
        Torrent torrent =
                session.add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
        return torrent;
    }

    private RawPeer caller(int host) throws IOException {
        return RawPeer.call(lab.host(host), lab.socket(1), METAINFO.infoHash());
    }

    private static void deliver(RawPeer peer, Request request, boolean lie) throws IOException {
        byte[] data = new byte[request.length()];
        System.arraycopy(CONTENT, request.begin(), data, 0, data.length);
        data[9] ^= (byte) (lie ? 1 : 0);
        peer.say(new PeerMessage.Piece(request.piece(), request.begin(), ByteBuffer.wrap(data)));
    }

    /// The liar sends one bad block of eight and refuses the others; the honest peer sends those,
    /// and then the whole piece again.
    @Test
    void of_two_senders_of_a_bad_piece_exactly_the_liar_is_banned() throws Exception {
        Session session = session();
        Torrent leecher = leecher(session);
        var lied = new CountDownLatch(1);
        try (RawPeer liar = caller(2);
                RawPeer honest = caller(3)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            liar.say(new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
                            deliver(liar, liar.hear(Request.class), true);
                            lied.countDown();
                            while (true) {
                                Request refused = liar.hear(Request.class);
                                liar.say(
                                        new PeerMessage.RejectRequest(
                                                refused.piece(),
                                                refused.begin(),
                                                refused.length()));
                            }
                        } catch (IOException over) {
                            // it was hung up on
                        }
                    });
            lied.await();
            Wait.until(() -> leecher.snapshot().downloadedBytes() > 0);
            honest.say(new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
            Thread.ofVirtual().start(() -> honest.giveAll(CONTENT, PIECE));
            leecher.completed().get();
        }
        assertThat(leecher.snapshot().failedPieces()).isEqualTo(1);
        List<Ban> bans = session.bans();
        assertThat(bans).hasSize(1);
        assertThat(bans.getFirst().address()).isEqualTo(lab.socket(2).getAddress());
        assertThat(bans.getFirst().reason()).isEqualTo("sent bad blocks of piece 0");
    }

    @Test
    void a_liar_that_has_left_is_banned_all_the_same() throws Exception {
        Session session = session();
        Torrent leecher = leecher(session);
        try (RawPeer liar = caller(2)) {
            liar.say(new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
            deliver(liar, liar.hear(Request.class), true);
            Wait.until(() -> leecher.snapshot().downloadedBytes() > 0);
        }
        Wait.until(() -> leecher.snapshot().peers().isEmpty());
        try (RawPeer honest = caller(3)) {
            honest.say(new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
            Thread.ofVirtual().start(() -> honest.giveAll(CONTENT, PIECE));
            leecher.completed().get();
        }
        assertThat(session.bans())
                .extracting(Ban::address)
                .containsExactly(lab.socket(2).getAddress());
    }

    @Test
    void who_is_banned_by_hand_is_hung_up_on_and_let_in_again_when_it_is_unbanned()
            throws Exception {
        Session session = session();
        Torrent leecher = leecher(session);
        try (RawPeer peer = caller(2)) {
            Wait.until(() -> leecher.snapshot().peers().size() == 1);
            session.ban(lab.socket(2).getAddress(), "by hand", Optional.of(Duration.ofDays(1)));
            peer.untilDropped();
        }
        try (RawPeer again = RawPeer.connect(lab.host(2), lab.socket(1))) {
            again.untilDropped();
        }
        assertThat(session.bans()).extracting(Ban::reason).containsExactly("by hand");
        assertThat(session.unban(lab.socket(2).getAddress())).isTrue();
        try (RawPeer welcome = caller(2)) {
            welcome.hear(); // what we have
        }
        assertThat(session.bans()).isEmpty();
    }

    @Test
    void floods_end_the_connection() throws Exception {
        Torrent leecher = leecher(session());
        try (RawPeer peer = caller(2)) {
            peer.say(new PeerMessage.HaveAll());
            try {
                for (int i = 0; i < 200_000; i++) {
                    peer.say(new PeerMessage.Have(0));
                }
            } catch (IOException dropped) {
                // early, which is right
            }
            peer.untilDropped();
        }
        Wait.until(() -> leecher.snapshot().peers().isEmpty());
        try (RawPeer peer = caller(3)) {
            try {
                for (int i = 0; i < 20; i++) {
                    peer.say(new PeerMessage.Extended(0, ByteBuffer.wrap(new byte[] {'d', 'e'})));
                }
            } catch (IOException dropped) {
                // early, which is right
            }
            peer.untilDropped();
        }
    }
}
