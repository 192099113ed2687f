package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Listener;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.LayerRange;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Torrents with trees of hashes (BEP 52) between engines, and hash messages word by word.
@Timeout(60)
class V2SwarmTest {

    private static final int BLOCK = 16 * 1024;
    private static final int PIECE = 2 * BLOCK;

    /// A file of 600 pieces, so that its layer takes two requests; ends within a piece; one block;
    /// nothing; one piece.
    private static final int[] LENGTHS = {600 * PIECE - 7, 70_000, 5, 0, PIECE};

    private static final byte[] CONTENT = Lab.content(600 * PIECE - 7 + 70_000 + 5 + PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private static Metainfo torrent(MetaVersion version) {
        return Torrents.ofFolder(version, CONTENT, PIECE, LENGTHS);
    }

    /// As a magnet link leaves it: without piece layers.
    private static Metainfo bare(Metainfo whole) throws IOException {
        return MetainfoReader.readInfo(whole.infoBytes(), Magnet.parse(Magnet.of(whole).link()));
    }

    private Torrent seeder(Metainfo metainfo) throws IOException {
        var store = new MemoryStore(Torrents.stream(metainfo, CONTENT));
        Torrent torrent = lab.session(1).add(metainfo, store, Lab.QUICK);
        torrent.completed().join();
        return torrent;
    }

    @ParameterizedTest
    @EnumSource(names = {"V2", "HYBRID"})
    void two_leechers_complete_from_a_seeder_and_each_other(MetaVersion version) throws Exception {
        Metainfo metainfo = torrent(version);
        var _ = seeder(metainfo);
        var stores = List.of(empty(metainfo), empty(metainfo));
        for (int i = 0; i < 2; i++) {
            Torrent leecher = lab.session(2 + i).add(metainfo, stores.get(i), Lab.QUICK);
            leecher.addPeers(List.of(Lab.address(1), Lab.address(3 - i)));
            leecher.completed().join();
        }

        for (MemoryStore store : stores) {
            assertThat(store.content()).isEqualTo(Torrents.stream(metainfo, CONTENT));
        }
    }

    private static MemoryStore empty(Metainfo metainfo) {
        return new MemoryStore(Math.toIntExact(metainfo.spanBytes()));
    }

    @ParameterizedTest
    @EnumSource(names = {"V2", "HYBRID"})
    void piece_layers_that_a_link_does_not_bring_are_fetched(MetaVersion version) throws Exception {
        Metainfo metainfo = torrent(version);
        var _ = seeder(metainfo);
        Metainfo bare = bare(metainfo);
        MemoryStore store = empty(metainfo);

        Torrent leecher = lab.session(2).add(bare, store, Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().join();

        assertThat(bare.pieceLayers().all()).isEmpty();
        assertThat(store.content()).isEqualTo(Torrents.stream(metainfo, CONTENT));
        assertThat(leecher.snapshot().failedPieces()).isZero();
    }

    @Test
    void a_hybrid_welcomes_callers_by_both_names() throws Exception {
        Metainfo metainfo = torrent(MetaVersion.HYBRID);
        Torrent seeder = seeder(metainfo);

        int host = 4;
        for (InfoHash name : metainfo.infoHashes().all()) {
            try (RawPeer peer = RawPeer.call(lab.host(host++), lab.socket(1), name)) {
                peer.hear(PeerMessage.HaveAll.class);
            }
        }
        seeder.stop().join();
        InfoHash v2 = metainfo.infoHashes().all().getLast();
        assertThatThrownBy(() -> RawPeer.call(lab.host(3), lab.socket(1), v2))
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_caller_that_offers_to_upgrade_is_answered_with_the_name_of_v2() throws Exception {
        Metainfo metainfo = torrent(MetaVersion.HYBRID);
        var _ = seeder(metainfo);
        InfoHash v1 = metainfo.infoHashes().all().getFirst();
        InfoHash v2 = metainfo.infoHashes().all().getLast();
        long offer = RawPeer.USUAL | Handshake.UPGRADES_TO_V2;
        try (RawPeer peer = RawPeer.connect(lab.host(4), lab.socket(1))) {
            peer.greet(new Handshake(offer, v1, RawPeer.anyId(peer)));
            assertThat(peer.heard().infoHash()).isEqualTo(v2);
            assertThat(peer.heard().supports(Handshake.UPGRADES_TO_V2)).isFalse();
            peer.hear(PeerMessage.HaveAll.class);
        }
        try (RawPeer peer = RawPeer.call(lab.host(5), lab.socket(1), v1)) {
            assertThat(peer.heard().infoHash()).isEqualTo(v1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void who_is_called_may_answer_with_either_name_of_a_hybrid(boolean upgrades) throws Exception {
        Metainfo metainfo = torrent(MetaVersion.HYBRID);
        try (Listener port = lab.host(3).listen(lab.socket(3))) {
            Torrent leecher = lab.session(1).add(metainfo, empty(metainfo), Lab.QUICK);
            leecher.addPeers(List.of(Lab.address(3)));
            InfoHash name = metainfo.infoHashes().all().get(upgrades ? 1 : 0);
            // It speaks MSE first; who hangs up on that is called in plaintext.
            port.accept().close();
            try (RawPeer peer = RawPeer.answer(port.accept(), name)) {
                assertThat(peer.heard().infoHash()).isEqualTo(metainfo.infoHash());
                assertThat(peer.heard().supports(Handshake.UPGRADES_TO_V2)).isTrue();
                peer.hear(PeerMessage.HaveNone.class);
            }
        }
    }

    /// libtorrent 2.0.8 asks for the last block of a file as if it were a whole one, also of the
    /// last file.
    @ParameterizedTest
    @EnumSource(names = {"V2", "HYBRID"})
    void padding_that_somebody_asks_for_is_served_as_zeros(MetaVersion version) throws Exception {
        byte[] content = Lab.content(70_000 + PIECE + 575);
        Metainfo metainfo = Torrents.ofFolder(version, content, PIECE, 70_000, PIECE + 575);
        byte[] stream = Torrents.stream(metainfo, content);
        var store = new MemoryStore(stream);
        lab.session(1).add(metainfo, store, Lab.QUICK).completed().join();
        assertThat(metainfo.pieceCount()).isEqualTo(5);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), metainfo.infoHash())) {
            peer.say(new PeerMessage.Interested());
            peer.hear(PeerMessage.Unchoke.class);
            for (int piece : new int[] {2, 4}) {
                for (int begin : new int[] {0, BLOCK}) {
                    peer.say(new PeerMessage.Request(piece, begin, BLOCK));
                    byte[] expected = new byte[BLOCK];
                    int from = piece * PIECE + begin;
                    int data = Math.clamp(stream.length - from, 0, BLOCK);
                    System.arraycopy(stream, Math.min(from, stream.length), expected, 0, data);
                    assertThat(peer.hear(PeerMessage.Piece.class).data())
                            .isEqualTo(ByteBuffer.wrap(expected));
                }
                peer.say(new PeerMessage.Request(piece, PIECE, 1));
                assertThat(peer.hear(PeerMessage.RejectRequest.class).begin()).isEqualTo(PIECE);
            }
        }
    }

    private static HashRange range(FileEntry file, int level, int index, int length, int proof) {
        return new HashRange(
                ByteString.of(file.piecesRoot().orElseThrow().bytes()),
                level,
                index,
                length,
                proof);
    }

    @Test
    void hashes_are_served_from_layers_and_from_data() throws Exception {
        Metainfo metainfo = torrent(MetaVersion.V2);
        var _ = seeder(metainfo);
        FileEntry large = metainfo.files().getFirst();
        FileEntry small = metainfo.files().get(4);
        assertThat(small.lengthBytes()).isEqualTo(5);
        List<HashRange> good =
                List.of(
                        range(large, 1, 0, 512, 9), // of the piece layer
                        range(large, 1, 512, 128, 9),
                        range(large, 0, 0, 2, 10), // of blocks
                        range(large, 0, 1198, 2, 10),
                        range(large, 0, 512, 512, 10),
                        range(large, 9, 0, 2, 1));
        List<HashRange> bad =
                List.of(
                        range(large, 0, 1, 2, 0),
                        range(large, 0, 0, 2, 11),
                        range(large, 11, 0, 2, 0),
                        range(small, 0, 0, 2, 0));
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), metainfo.infoHash())) {
            for (HashRange range : good) {
                peer.say(new PeerMessage.HashRequest(range));
                PeerMessage.Hashes answer = peer.hear(PeerMessage.Hashes.class);
                assertThat(answer.range()).isEqualTo(range);
                var proven =
                        new LayerRange(
                                range.baseLayer(),
                                range.index(),
                                range.length(),
                                range.proofLayers());
                assertThat(proven.topLevel())
                        .isEqualTo(TreeShape.ofFile(large.lengthBytes()).height());
                assertThat(proven.top(answer.hashes().asBuffer()))
                        .isEqualTo(large.piecesRoot().orElseThrow());
            }
            for (HashRange range : bad) {
                peer.say(new PeerMessage.HashRequest(range));
                assertThat(peer.hear(PeerMessage.HashReject.class).range()).isEqualTo(range);
            }
        }
    }

    @Test
    void nobody_gets_hashes_of_blocks_that_are_not_there() throws Exception {
        Metainfo metainfo = torrent(MetaVersion.V2);
        Torrent leecher = lab.session(1).add(metainfo, empty(metainfo), Lab.QUICK);
        Wait.until(() -> leecher.snapshot().state() == State.DOWNLOADING);
        HashRange blocks = range(metainfo.files().getFirst(), 0, 0, 2, 10);
        HashRange pieces = range(metainfo.files().getFirst(), 1, 0, 512, 9);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), metainfo.infoHash())) {
            peer.say(new PeerMessage.HashRequest(blocks));
            assertThat(peer.hear(PeerMessage.HashReject.class).range()).isEqualTo(blocks);
            peer.say(new PeerMessage.HashRequest(pieces));
            assertThat(peer.hear(PeerMessage.Hashes.class).range()).isEqualTo(pieces);
        }
    }

    /// Also one who says no is no obstacle.
    @Test
    void who_lies_about_a_layer_is_dropped_and_another_asked() throws Exception {
        Metainfo metainfo = torrent(MetaVersion.V2);
        MemoryStore store = empty(metainfo);
        Torrent leecher = lab.session(2).add(bare(metainfo), store, Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> leecher.snapshot().state() == State.DOWNLOADING);
        try (RawPeer refuser = RawPeer.call(lab.host(3), lab.socket(2), metainfo.infoHash())) {
            HashRange asked = refuser.hear(PeerMessage.HashRequest.class).range();
            refuser.say(new PeerMessage.HashReject(asked));
        }
        try (RawPeer liar = RawPeer.call(lab.host(4), lab.socket(2), metainfo.infoHash())) {
            HashRange asked = liar.hear(PeerMessage.HashRequest.class).range();
            byte[] zeros = new byte[asked.hashCount() * 32];
            liar.say(new PeerMessage.Hashes(asked, ByteString.of(zeros)));
            liar.untilDropped();
        }
        var _ = seeder(metainfo);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().join();

        assertThat(store.content()).isEqualTo(Torrents.stream(metainfo, CONTENT));
    }
}
