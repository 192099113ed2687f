package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Cancel;
import dev.thistle.protocol.peer.PeerMessage.Have;
import dev.thistle.protocol.peer.PeerMessage.HaveAll;
import dev.thistle.protocol.peer.PeerMessage.HaveNone;
import dev.thistle.protocol.peer.PeerMessage.Piece;
import dev.thistle.protocol.peer.PeerMessage.RejectRequest;
import dev.thistle.protocol.peer.PeerMessage.Request;
import dev.thistle.protocol.peer.PeerMessage.Unchoke;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A session against peers that follow a script instead of the protocol.
@Timeout(30)
class HostilePeerTest {

    private static final int PIECE = 32 * 1024;
    private static final int PIECES = 10;
    private static final byte[] CONTENT = Lab.content(PIECES * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Torrent leecher() throws IOException {
        return lab.session(1).add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
    }

    private Torrent seeder() throws IOException {
        Torrent torrent = lab.session(1).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
        torrent.completed().join();
        return torrent;
    }

    /// Waits to be called by the torrent.
    private RawPeer called(Torrent torrent, int host) throws IOException {
        try (Listener port = lab.host(host).listen(lab.socket(host))) {
            torrent.addPeers(List.of(Lab.address(host)));
            while (true) {
                Link link = port.accept();
                try {
                    return RawPeer.answer(link, METAINFO);
                } catch (IOException mse) { // its first try, which we do not understand
                    link.close();
                }
            }
        }
    }

    private static ByteBuffer block(Request request) {
        return ByteBuffer.wrap(
                CONTENT, request.piece() * PIECE + request.begin(), request.length());
    }

    interface Script {
        void play(RawPeer peer) throws IOException;
    }

    private static ByteBuffer prefix(int length, int... rest) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + rest.length).putInt(length);
        for (int octet : rest) {
            bytes.put((byte) octet);
        }
        return bytes.flip();
    }

    static Stream<Arguments> rudeScripts() {
        return Stream.of(
                script(
                        "garbage",
                        peer -> {
                            byte[] garbage = new byte[5000];
                            new Random(1).nextBytes(garbage);
                            garbage[0] |= (byte) 0x80; // a length that nobody allows
                            peer.send(ByteBuffer.wrap(garbage));
                        }),
                script("a frame of two gigabytes", peer -> peer.send(prefix(Integer.MAX_VALUE, 7))),
                script("a frame of negative length", peer -> peer.send(prefix(-1, 7))),
                script(
                        "a bitfield for another torrent",
                        peer -> peer.say(new PeerMessage.Bitfield(ByteBuffer.allocate(5)))),
                script("two bitfields", peer -> peer.say(new HaveAll(), new HaveNone())),
                script("a piece that is not there", peer -> peer.say(new Have(PIECES))),
                script(
                        "a request for a piece that is not there",
                        peer -> peer.say(new Request(PIECES, 0, 16384))),
                script(
                        "a request for nothing",
                        peer -> peer.send(prefix(13, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))),
                script(
                        "an extended handshake that is no dictionary",
                        peer ->
                                peer.say(
                                        new PeerMessage.Extended(
                                                0, ByteBuffer.wrap(new byte[] {'x'})))),
                script("nothing at all", _ -> {}),
                script(
                        "thousands of blocks that nobody asked for",
                        peer -> {
                            for (int i = 0; i < 1100; i++) {
                                peer.say(new Piece(0, 0, ByteBuffer.allocate(10)));
                            }
                        }),
                script(
                        "requests without reading the answers",
                        peer -> {
                            for (int i = 0; i < 40_000; i++) {
                                peer.say(new Request(0, 0, 16384)); // choked: each is rejected
                            }
                        }));
    }

    private static Arguments script(String name, Script script) {
        return Arguments.of(name, script);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rudeScripts")
    void a_peer_is_dropped_that_sends(String name, Script script) throws Exception {
        Torrent torrent = leecher();
        try (RawPeer rude = called(torrent, 2)) {
            try {
                script.play(rude);
            } catch (IOException droppedAlready) {
                return;
            }
            rude.untilDropped();
        }
        Wait.until(() -> torrent.snapshot().peers().isEmpty());
    }

    @Test
    void a_peer_that_rejects_everything_is_not_asked_for_the_same_again_and_again()
            throws Exception {
        Torrent torrent = leecher();
        try (RawPeer peer = called(torrent, 2)) {
            peer.say(new HaveAll(), new Unchoke());
            Set<Request> asked = new HashSet<>();
            int requests = 0;
            while (asked.size() < PIECES) { // one block of each piece is enough to give up on it
                Request request = peer.hear(Request.class);
                requests++;
                asked.add(new Request(request.piece(), 0, 0));
                peer.say(new RejectRequest(request.piece(), request.begin(), request.length()));
            }
            assertThat(requests).isLessThanOrEqualTo(2 * PIECES);
        }
    }

    @Test
    void a_peer_that_lost_our_requests_is_asked_anew() throws Exception {
        Torrent torrent =
                lab.session(1)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        try (RawPeer peer = called(torrent, 2)) {
            peer.say(new HaveAll(), new Unchoke());
            peer.hear(Cancel.class); // what was asked before is lost
            PeerMessage heard = peer.hear();
            while (!(heard instanceof PeerMessage.NotInterested)) {
                if (heard instanceof Request request) {
                    peer.say(new Piece(request.piece(), request.begin(), block(request)));
                }
                heard = peer.hear();
            }
            torrent.completed().get();
        }
    }

    @Test
    void requests_outside_of_a_piece_or_while_choked_are_rejected() throws Exception {
        seeder();
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            peer.say(new Request(0, 0, 16384));
            assertThat(peer.hear(RejectRequest.class)).isEqualTo(new RejectRequest(0, 0, 16384));
            peer.say(new PeerMessage.Interested());
            peer.hear(Unchoke.class);
            for (Request bad :
                    List.of(
                            new Request(0, PIECE - 1, 2),
                            new Request(0, PIECE, 1),
                            new Request(9, Integer.MAX_VALUE, 16384),
                            new Request(0, 0, 16385))) {
                peer.say(bad);
                assertThat(peer.hear(RejectRequest.class))
                        .isEqualTo(new RejectRequest(bad.piece(), bad.begin(), bad.length()));
            }
            var good = new Request(9, 16384, 16384);
            peer.say(good);
            assertThat(peer.hear(Piece.class)).isEqualTo(new Piece(9, 16384, block(good)));
        }
    }

    @Test
    void a_seeder_tells_that_it_has_all_and_who_it_is() throws Exception {
        seeder();
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            assertThat(peer.hear()).isInstanceOf(PeerMessage.Extended.class);
            assertThat(peer.hear()).isEqualTo(new HaveAll());
        }
    }

    @Test
    void a_call_for_another_torrent_gets_no_byte() throws Exception {
        seeder();
        Metainfo other = Torrents.of("other", new byte[] {1}, PIECE);
        try (RawPeer peer = RawPeer.connect(lab.host(2), lab.socket(1))) {
            assertThat(catchThrowable(() -> peer.greet(other.infoHash(), RawPeer.anyId(peer))))
                    .isInstanceOf(IOException.class)
                    .hasMessage("hung up");
        }
    }

    /// As late answers to cancels add up in days of an honest connection.
    @Test
    void a_peer_that_sends_much_that_was_asked_for_may_send_much_that_was_not() throws Exception {
        int blocks = 1100;
        byte[] content = Lab.content(blocks * 16384);
        Metainfo metainfo = Torrents.of("large", content, 16 * 16384);
        Torrent torrent =
                lab.session(1)
                        .add(
                                metainfo,
                                new MemoryStore(content.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == TorrentSnapshot.State.DOWNLOADING);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), metainfo.infoHash())) {
            peer.say(new HaveAll(), new PeerMessage.Unchoke());
            for (int sent = 0; sent < blocks; sent++) {
                Request request = peer.hear(Request.class);
                ByteBuffer block =
                        ByteBuffer.wrap(
                                content,
                                request.piece() * 16 * 16384 + request.begin(),
                                request.length());
                peer.say(new Piece(request.piece(), request.begin(), block.duplicate()));
                peer.say(new Piece(request.piece(), request.begin(), block));
            }
            torrent.completed().get();
        }
        assertThat(torrent.snapshot().wastedBytes()).isGreaterThan(1024L * 16384);
    }
}
