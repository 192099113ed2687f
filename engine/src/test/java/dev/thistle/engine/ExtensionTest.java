package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.AllowedFastSet;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a session says and does beyond BEP 3, against peers that follow a script.
@Timeout(30)
class ExtensionTest {

    private static final int PIECE = 16 * 1024;
    private static final int PIECES = 40;
    private static final byte[] CONTENT = Lab.content(PIECES * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Torrent seeder() throws IOException {
        Torrent torrent = lab.session(1).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
        torrent.completed().join();
        return torrent;
    }

    /// BEP 52: every hash request gets an answer.
    @Test
    void a_request_for_hashes_of_an_unknown_file_is_rejected() throws Exception {
        var _ = seeder();
        var range = new HashRange(ByteString.of(new byte[32]), 0, 0, 8, 2);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            peer.say(new PeerMessage.HashRequest(range));
            assertThat(peer.hear(PeerMessage.HashReject.class).range()).isEqualTo(range);
        }
    }

    /// BEP 6: its set follows from its address, and it is served in spite of the choke.
    @Test
    void a_newcomer_gets_some_pieces_while_it_is_choked() throws Exception {
        var _ = seeder();
        byte[] ip = {10, 0, 0, 2};
        List<Integer> set = AllowedFastSet.of(ip, METAINFO.infoHash(), PIECES, 10);
        int other =
                IntStream.range(0, PIECES).filter(p -> !set.contains(p)).findFirst().orElseThrow();
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            peer.say(new PeerMessage.HaveNone());
            for (int piece : set) {
                assertThat(peer.hear(PeerMessage.AllowedFast.class).piece()).isEqualTo(piece);
            }
            peer.say(new PeerMessage.Request(other, 0, PIECE));
            assertThat(peer.hear(PeerMessage.RejectRequest.class).piece()).isEqualTo(other);
            for (int times = 0; times < 2; times++) {
                for (int piece : set) {
                    peer.say(new PeerMessage.Request(piece, 0, PIECE));
                    assertThat(peer.hear(PeerMessage.Piece.class).piece()).isEqualTo(piece);
                }
            }
            peer.say(new PeerMessage.Request(set.getFirst(), 0, PIECE));
            assertThat(peer.hear(PeerMessage.RejectRequest.class)).isNotNull();
        }
    }

    @Test
    void who_has_many_pieces_is_allowed_none() throws Exception {
        var _ = seeder();
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            peer.say(
                    new PeerMessage.Bitfield(ByteBuffer.wrap(new byte[] {-1, -1, 0, 0, 0})),
                    new PeerMessage.Interested());
            PeerMessage heard = peer.hear();
            while (!(heard instanceof PeerMessage.Unchoke)) {
                assertThat(heard).isNotInstanceOf(PeerMessage.AllowedFast.class);
                heard = peer.hear();
            }
        }
    }

    @Test
    void a_piece_that_a_choking_peer_allows_is_asked_for_and_no_other() throws Exception {
        Torrent torrent =
                lab.session(1)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            peer.say(new PeerMessage.HaveAll(), new PeerMessage.AllowedFast(7));
            assertThat(peer.hear(PeerMessage.Request.class))
                    .isEqualTo(new PeerMessage.Request(7, 0, PIECE));
            peer.say(new PeerMessage.Piece(7, 0, ByteBuffer.wrap(CONTENT, 7 * PIECE, PIECE)));
            assertThat(peer.hear(PeerMessage.Have.class).piece()).isEqualTo(7);
            peer.say(new PeerMessage.AllowedFast(9));
            assertThat(peer.hear(PeerMessage.Request.class).piece()).isEqualTo(9);
        }
    }
}
