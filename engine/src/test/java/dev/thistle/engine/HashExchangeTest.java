package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.snapshot.Ban;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.LayerRange;
import dev.thistle.protocol.merkle.MerkleTree;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.HashRequest;
import dev.thistle.protocol.peer.PeerMessage.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Hashes that are asked of peers because something is missing or wrong (BEP 52), word by word.
@Timeout(30)
class HashExchangeTest {

    private static final int BLOCK = TreeShape.BLOCK_BYTES;
    static final int PIECE = 8 * BLOCK;

    /// Three pieces, the last one short.
    static final byte[] CONTENT = Lab.content(2 * PIECE + 3 * BLOCK - 5);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private static Metainfo torrent(MetaVersion version) {
        return Torrents.ofFolder(version, CONTENT, PIECE, CONTENT.length);
    }

    private Torrent leecher(Session session, Metainfo metainfo) {
        var store = new MemoryStore(Math.toIntExact(metainfo.spanBytes()));
        Torrent torrent = session.add(metainfo, store, Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
        return torrent;
    }

    /// What an honest peer answers.
    static PeerMessage.Hashes answer(HashRange asked) throws Exception {
        TreeShape shape = TreeShape.ofFile(CONTENT.length);
        ByteBuffer leaves = ByteBuffer.allocate((int) shape.blocks() * Sha256.BYTES);
        for (int at = 0; at < CONTENT.length; at += BLOCK) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(CONTENT, at, Math.min(BLOCK, CONTENT.length - at));
            leaves.put(sha256.digest());
        }
        MerkleTree tree = MerkleTree.over(HashLayer.of(0, leaves.flip()), shape.height());
        var range =
                new LayerRange(
                        asked.baseLayer(), asked.index(), asked.length(), asked.proofLayers());
        assertThat(range.fits(shape)).isTrue();
        ByteBuffer hashes = range.answer(tree, 0, tree);
        byte[] bytes = new byte[hashes.remaining()];
        hashes.get(bytes);
        return new PeerMessage.Hashes(asked, ByteString.of(bytes));
    }

    private static void deliver(RawPeer peer, Request request, boolean lie) throws IOException {
        byte[] data = new byte[request.length()];
        System.arraycopy(CONTENT, request.piece() * PIECE + request.begin(), data, 0, data.length);
        data[9] ^= (byte) (lie ? 1 : 0);
        peer.say(new PeerMessage.Piece(request.piece(), request.begin(), ByteBuffer.wrap(data)));
    }

    /// It may be asked as well, and would rather not say.
    private static void rejectHashes(RawPeer liar) {
        try {
            while (true) {
                liar.say(new PeerMessage.HashReject(liar.hear(HashRequest.class).range()));
            }
        } catch (IOException banned) {
            // what this waits for
        }
    }

    /// Nobody sends the piece a second time, so nothing else can tell who lied.
    @Test
    void the_sender_of_a_bad_block_is_found_before_the_piece_comes_again() throws Exception {
        Session session = lab.session(1);
        Metainfo metainfo = torrent(MetaVersion.V2);
        Torrent leecher = leecher(session, metainfo);
        PeerMessage second = new PeerMessage.Bitfield(ByteBuffer.wrap(new byte[] {0x40}));
        try (RawPeer liar = RawPeer.call(lab.host(2), lab.socket(1), metainfo.infoHash());
                RawPeer honest = RawPeer.call(lab.host(3), lab.socket(1), metainfo.infoHash())) {
            liar.say(second, new PeerMessage.Unchoke());
            Set<Request> asked = new HashSet<>();
            while (asked.size() < 8) {
                asked.add(liar.hear(Request.class));
            }
            Request bad = asked.stream().filter(r -> r.begin() == 5 * BLOCK).findFirst().get();
            deliver(liar, bad, true);
            Wait.until(() -> leecher.snapshot().downloadedBytes() == BLOCK);
            asked.remove(bad);
            for (Request request : asked) { // the others are the honest one's
                liar.say(
                        new PeerMessage.RejectRequest(
                                request.piece(), request.begin(), request.length()));
            }
            Thread.ofVirtual().start(() -> rejectHashes(liar));
            honest.say(second, new PeerMessage.Unchoke());
            for (int block = 0; block < 7; block++) {
                deliver(honest, honest.hear(Request.class), false);
            }
            HashRange range = honest.hear(HashRequest.class).range();
            assertThat(range.baseLayer()).isZero();
            assertThat(range.index()).isEqualTo(8);
            assertThat(range.length()).isEqualTo(8);
            honest.say(answer(range));
            Wait.until(() -> !session.bans().isEmpty());
        }
        List<Ban> bans = session.bans();
        assertThat(bans).extracting(Ban::address).containsExactly(lab.socket(2).getAddress());
        assertThat(bans.getFirst().reason()).isEqualTo("sent a bad block 5 of piece 1");
    }

    /// A hybrid can do without them, but whoever comes after it by a link to v2 cannot.
    @Test
    void a_hybrid_fetches_piece_layers_on_connections_of_v2_and_passes_them_on() throws Exception {
        Metainfo whole = torrent(MetaVersion.HYBRID);
        Metainfo bare =
                MetainfoReader.readInfo(whole.infoBytes(), Magnet.parse(Magnet.of(whole).link()));
        var _ = leecher(lab.session(1), bare);
        InfoHash v2 = whole.infoHashes().v2Truncated().orElseThrow();
        try (RawPeer old = RawPeer.call(lab.host(2), lab.socket(1), whole.infoHash());
                RawPeer source = greeted(3, v2);
                RawPeer asker = greeted(4, v2)) {
            old.hear(PeerMessage.HaveNone.class);
            HashRange layer = source.hear(HashRequest.class).range();
            assertThat(layer.baseLayer()).isEqualTo(3);

            var unknown = new HashRange(ByteString.of(new byte[32]), 0, 0, 2, 0);
            old.say(new HashRequest(unknown));
            for (PeerMessage heard = old.hear();
                    !(heard instanceof PeerMessage.HashReject);
                    heard = old.hear()) {
                assertThat(heard).as("libtorrent would hang up").isNotInstanceOf(HashRequest.class);
            }

            source.say(answer(layer));
            PeerMessage reply;
            do { // both say it at the same time
                asker.say(new HashRequest(layer));
                reply = asker.hear();
                while (!(reply instanceof PeerMessage.Hashes
                        || reply instanceof PeerMessage.HashReject)) {
                    reply = asker.hear();
                }
            } while (reply instanceof PeerMessage.HashReject);
            assertThat(reply).isEqualTo(answer(layer));
        }
    }

    private RawPeer greeted(int host, InfoHash name) throws IOException {
        return RawPeer.call(lab.host(host), lab.socket(1), name);
    }
}
