package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataBlock;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataReject;
import dev.thistle.protocol.peer.ExtensionMessage.MetadataRequest;
import dev.thistle.protocol.peer.MetadataCodec;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Torrents that begin with a magnet link alone (BEP 9).
@Timeout(30)
class MagnetTest {

    /// So many files that the `info` dictionary has several blocks.
    private static final int FILES = 900;

    private static final byte[] CONTENT = Lab.content(FILES * 100);
    private static final Metainfo METAINFO = folder();
    private static final int INFO_BYTES = METAINFO.infoBytes().remaining();
    private static final Map<String, Integer> THEIR_IDS = Map.of("ut_metadata", 42);

    private final Lab lab = new Lab();

    private static Metainfo folder() {
        int[] lengths = new int[FILES];
        Arrays.fill(lengths, 100);
        return Torrents.ofFolder("content", CONTENT, 16 * 1024, lengths);
    }

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private static Magnet magnet() throws IOException {
        return Magnet.parse("magnet:?xt=urn:btih:" + METAINFO.infoHash() + "&dn=a%20link");
    }

    private Torrent seeder(int host) throws IOException {
        Torrent torrent = lab.session(host).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
        torrent.completed().join();
        return torrent;
    }

    private static final class Kept {
        final List<MemoryStore> stores = new ArrayList<>();

        synchronized PieceStore open(Metainfo metainfo) {
            stores.add(new MemoryStore((int) metainfo.lengthBytes()));
            return stores.getLast();
        }

        synchronized byte[] bytes() throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(CONTENT.length);
            stores.getFirst().read(0, bytes);
            return bytes.array();
        }
    }

    @Test
    void metadata_and_then_the_files_come_from_a_seeder() throws Exception {
        assertThat(INFO_BYTES).as("blocks to be fetched").isGreaterThan(MetadataCodec.BLOCK_BYTES);
        var _ = seeder(1);
        var kept = new Kept();
        Torrent torrent = lab.session(2).add(magnet(), kept::open, Lab.QUICK);
        assertThat(torrent.snapshot().name()).isIn("a link", "content");
        assertThat(torrent.snapshot().isComplete()).isFalse();
        torrent.addPeers(List.of(Lab.address(1)));
        var complete = torrent.completed().join();
        assertThat(complete.name()).isEqualTo("content");
        assertThat(complete.metadata()).isEmpty();
        assertThat(complete.pieceCount()).isEqualTo(METAINFO.pieceCount());
        assertThat(kept.bytes()).isEqualTo(CONTENT);
    }

    @Test
    void what_came_by_a_magnet_link_is_passed_on_by_one() throws Exception {
        var _ = seeder(1);
        Torrent second = lab.session(2).add(magnet(), new Kept()::open, Lab.QUICK);
        second.addPeers(List.of(Lab.address(1)));
        second.completed().join();
        var kept = new Kept();
        Torrent third = lab.session(3).add(magnet(), kept::open, Lab.QUICK);
        third.addPeers(List.of(Lab.address(2)));
        third.completed().join();
        assertThat(kept.bytes()).isEqualTo(CONTENT);
    }

    @Test
    void the_link_itself_may_name_peers() throws Exception {
        var _ = seeder(1);
        String uri = "magnet:?xt=urn:btih:%s&x.pe=10.0.0.1:6881".formatted(METAINFO.infoHash());
        var link = Magnet.parse(uri);
        var kept = new Kept();
        lab.session(2).add(link, kept::open, Lab.QUICK).completed().join();
        assertThat(kept.bytes()).isEqualTo(CONTENT);
    }

    /// BEP 53. Each file has 100 bytes, so the first 164 lie in the first piece.
    @Test
    void only_the_files_that_the_link_chooses_are_wanted() throws Exception {
        Torrent torrent = downloaded("0,7-9", Lab.QUICK);
        var done = torrent.completed().join();
        assertThat(done.isComplete()).isFalse();
        assertThat(done.wanted().bytes()).isEqualTo(16 * 1024);
        assertThat(torrent.selection()).isEqualTo(Selection.only(Set.of(0, 7, 8, 9)));
    }

    @Test
    void the_order_that_was_asked_for_is_kept_when_the_link_chooses_files() throws Exception {
        var inOrder = Selection.ALL.withSequential(true);
        Torrent torrent = downloaded("0", Lab.QUICK.withSelection(inOrder));
        torrent.completed().join();
        assertThat(torrent.selection()).isEqualTo(Selection.only(Set.of(0)).withSequential(true));
    }

    @Test
    void who_chose_files_by_number_is_not_overruled_by_the_link() throws Exception {
        var last = Selection.only(Set.of(FILES - 1));
        Torrent torrent = downloaded("0", Lab.QUICK.withSelection(last));
        torrent.completed().join();
        assertThat(torrent.selection()).isEqualTo(last);
    }

    @Test
    void a_link_that_chooses_none_of_the_files_there_are_fails_and_says_so() throws Exception {
        Torrent torrent = downloaded("900-1000", Lab.QUICK);
        assertThatThrownBy(() -> torrent.completed().join())
                .hasMessageContaining("chooses none of the 900 files");
    }

    private Torrent downloaded(String chosen, TorrentSettings settings) throws Exception {
        var _ = seeder(1);
        var link =
                Magnet.parse(
                        "magnet:?xt=urn:btih:%s&x.pe=10.0.0.1:6881&so=%s"
                                .formatted(METAINFO.infoHash(), chosen));
        return lab.session(2).add(link, new Kept()::open, settings);
    }

    /// Both know the link alone; one gets the metainfo and the other one asks on.
    @Test
    void two_that_know_the_link_alone_wait_for_a_third() throws Exception {
        var kept = new Kept();
        Torrent one = lab.session(2).add(magnet(), kept::open, Lab.QUICK_BUT_BEARS_SILENCE);
        Torrent other = lab.session(3).add(magnet(), new Kept()::open, Lab.QUICK_BUT_BEARS_SILENCE);
        one.addPeers(List.of(Lab.address(3)));
        Wait.until(() -> !one.snapshot().peers().isEmpty() && !other.snapshot().peers().isEmpty());
        assertThat(one.snapshot().state()).isEqualTo(State.METADATA);
        var _ = seeder(1);
        other.addPeers(List.of(Lab.address(1)));
        one.completed().join();
        other.completed().join();
        assertThat(kept.bytes()).isEqualTo(CONTENT);
    }

    @Test
    void a_liar_is_banned_and_the_truth_comes_from_another() throws Exception {
        var kept = new Kept();
        Torrent torrent = lab.session(2).add(magnet(), kept::open, Lab.QUICK_BUT_BEARS_SILENCE);
        try (RawPeer liar = called(torrent, 4)) {
            introduce(liar, Optional.of(20));
            var asked = hearMetadata(liar, MetadataRequest.class);
            byte[] lie = new byte[20];
            tell(liar, new MetadataBlock(asked.block(), 20, ByteString.of(lie)));
            liar.untilDropped();
        }
        var _ = seeder(1);
        torrent.addPeers(List.of(Lab.address(1)));
        torrent.completed().join();
        assertThat(kept.bytes()).isEqualTo(CONTENT);
    }

    /// What peers claim to have before anybody knows how many pieces there are.
    @Test
    void early_claims_are_remembered() throws Exception {
        Torrent torrent =
                lab.session(2).add(magnet(), new Kept()::open, Lab.QUICK_BUT_BEARS_SILENCE);
        try (RawPeer peer = called(torrent, 4)) {
            peer.say(
                    new PeerMessage.HaveNone(), new PeerMessage.Have(3), new PeerMessage.Unchoke());
            introduce(peer, Optional.of(INFO_BYTES));
            giveMetadata(peer);
            assertThat(peer.hear(PeerMessage.Request.class).piece()).isEqualTo(3);
        }
    }

    /// A seeder that is asked for the same once more may choke on it: rtorrent 0.9.8 stops reading.
    @Test
    void nobody_is_asked_for_metadata_that_is_here() throws Exception {
        Torrent torrent =
                lab.session(2).add(magnet(), new Kept()::open, Lab.QUICK_BUT_BEARS_SILENCE);
        try (RawPeer peer = called(torrent, 4)) {
            peer.say(
                    new PeerMessage.HaveNone(), new PeerMessage.Have(3), new PeerMessage.Unchoke());
            introduce(peer, Optional.of(INFO_BYTES));
            giveMetadata(peer);

            PeerMessage heard = peer.hear();
            while (!(heard instanceof PeerMessage.Request)) {
                if (heard instanceof PeerMessage.Extended extended) {
                    assertThat(extended.extensionId()).as("introduces itself again").isZero();
                }
                heard = peer.hear();
            }
        }
    }

    @Test
    void who_claimed_pieces_that_are_not_there_is_dropped() throws Exception {
        Torrent torrent =
                lab.session(2).add(magnet(), new Kept()::open, Lab.QUICK_BUT_BEARS_SILENCE);
        try (RawPeer peer = called(torrent, 4)) {
            peer.say(new PeerMessage.Have(1000));
            introduce(peer, Optional.of(INFO_BYTES));
            giveMetadata(peer);
            peer.untilDropped();
        }
    }

    @Test
    void what_has_the_right_hash_but_is_no_torrent_fails_it() throws Exception {
        byte[] info = "d4:name1:xe".getBytes(StandardCharsets.US_ASCII);
        var hash = MessageDigest.getInstance("SHA-1").digest(info);
        var link = Magnet.parse("magnet:?xt=urn:btih:" + HexFormat.of().formatHex(hash));
        Torrent torrent = lab.session(2).add(link, new Kept()::open, Lab.QUICK_BUT_BEARS_SILENCE);
        try (Listener port = lab.host(4).listen(lab.socket(4))) {
            torrent.addPeers(List.of(Lab.address(4)));
            try (RawPeer peer = accepted(port, InfoHash.of(hash))) {
                introduce(peer, Optional.of(info.length));
                var _ = hearMetadata(peer, MetadataRequest.class);
                tell(peer, new MetadataBlock(0, info.length, ByteString.of(info)));
                assertThatThrownBy(() -> torrent.completed().join())
                        .isInstanceOf(CompletionException.class)
                        .hasMessageContaining("what the magnet link names is no torrent");
            }
        }
    }

    @Test
    void metadata_is_served_block_by_block_and_not_beyond_its_end() throws Exception {
        var _ = seeder(1);
        int blocks = MetadataCodec.blockCount(INFO_BYTES);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            ExtendedHandshake theirs = introduced(peer);
            assertThat(theirs.metadataBytes()).contains(INFO_BYTES);
            introduce(peer, Optional.empty());
            ByteBuffer info = ByteBuffer.allocate(INFO_BYTES);
            for (int block = 0; block < blocks; block++) {
                tell(peer, new MetadataRequest(block));
                info.put(hearMetadata(peer, MetadataBlock.class).data().asBuffer());
            }
            assertThat(info.flip()).isEqualTo(METAINFO.infoBytes());
            tell(peer, new MetadataRequest(blocks));
            assertThat(hearMetadata(peer, MetadataReject.class).block()).isEqualTo(blocks);
        }
    }

    @Test
    void a_flood_of_metadata_requests_is_rejected() throws Exception {
        var _ = seeder(1);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), METAINFO.infoHash())) {
            introduce(peer, Optional.empty());
            for (int i = 0; i < 200; i++) {
                tell(peer, new MetadataRequest(0));
            }
            assertThat(hearMetadata(peer, MetadataReject.class).block()).isZero();
        }
    }

    @Test
    void before_it_has_the_metadata_it_serves_none() throws Exception {
        Torrent torrent =
                lab.session(2).add(magnet(), new Kept()::open, Lab.QUICK_BUT_BEARS_SILENCE);
        try (RawPeer peer = called(torrent, 4)) {
            introduce(peer, Optional.empty());
            tell(peer, new MetadataRequest(0));
            assertThat(hearMetadata(peer, MetadataReject.class).block()).isZero();
        }
    }

    @Test
    void who_introduces_itself_all_the_time_is_dropped_before_there_is_metadata() throws Exception {
        Torrent torrent =
                lab.session(2).add(magnet(), new Kept()::open, Lab.QUICK_BUT_BEARS_SILENCE);
        try (RawPeer peer = called(torrent, 4)) {
            for (int times = 0; times < 10; times++) {
                introduce(peer, Optional.empty());
            }
            tell(peer, new MetadataRequest(0));
            assertThat(hearMetadata(peer, MetadataReject.class).block()).isZero();
            introduce(peer, Optional.empty());
            peer.untilDropped();
        }
    }

    private RawPeer called(Torrent torrent, int host) throws IOException {
        try (Listener port = lab.host(host).listen(lab.socket(host))) {
            torrent.addPeers(List.of(Lab.address(host)));
            return accepted(port, METAINFO.infoHash());
        }
    }

    private static RawPeer accepted(Listener port, InfoHash infoHash) throws IOException {
        while (true) {
            Link link = port.accept();
            try {
                return RawPeer.answer(link, infoHash);
            } catch (IOException mse) { // its first try, which we do not understand
                link.close();
            }
        }
    }

    private static ExtendedHandshake introduced(RawPeer peer) throws IOException {
        return ExtendedHandshake.decode(peer.hear(PeerMessage.Extended.class).payload());
    }

    private static void introduce(RawPeer peer, Optional<Integer> metadataBytes)
            throws IOException {
        var extended =
                new ExtendedHandshake(
                        THEIR_IDS,
                        ExtendedHandshake.Whereabouts.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        metadataBytes,
                        Optional.empty(),
                        Optional.empty());
        peer.say(new PeerMessage.Extended(0, extended.encode()));
    }

    private static void giveMetadata(RawPeer peer) throws IOException {
        for (int given = 0; given < MetadataCodec.blockCount(INFO_BYTES); given++) {
            int block = hearMetadata(peer, MetadataRequest.class).block();
            byte[] data = new byte[MetadataCodec.blockBytes(block, INFO_BYTES)];
            METAINFO.infoBytes().get(block * MetadataCodec.BLOCK_BYTES, data);
            tell(peer, new MetadataBlock(block, INFO_BYTES, ByteString.of(data)));
        }
    }

    private static void tell(RawPeer peer, ExtensionMessage message) throws IOException {
        peer.say(new PeerMessage.Extended(message.extension().id(), message.encode()));
    }

    /// The next message of this kind, which must carry the id that we chose.
    private static <T extends ExtensionMessage> T hearMetadata(RawPeer peer, Class<T> kind)
            throws IOException {
        while (true) {
            PeerMessage.Extended extended = peer.hear(PeerMessage.Extended.class);
            if (extended.extensionId() == 42) {
                var message = ExtensionMessage.decode(Extension.UT_METADATA, extended.payload());
                if (kind.isInstance(message)) {
                    return kind.cast(message);
                }
            }
        }
    }

    @Test
    void a_private_torrent_offers_neither_metadata_nor_peers() throws Exception {
        var builder = TorrentBuilder.ofFile("secret", 5, 16 * 1024).isPrivate(true);
        byte[] content = {1, 2, 3, 4, 5};
        builder.pieceHash(MessageDigest.getInstance("SHA-1").digest(content));
        Metainfo secret = MetainfoReader.read(ByteBuffer.wrap(builder.build()));
        lab.session(1).add(secret, new MemoryStore(content), Lab.QUICK).completed().join();
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), secret.infoHash())) {
            ExtendedHandshake theirs = introduced(peer);
            assertThat(theirs.extensions()).containsOnlyKeys("lt_donthave", "upload_only");
            assertThat(theirs.metadataBytes()).isEmpty();
            introduce(peer, Optional.empty());
            tell(peer, new MetadataRequest(0));
            assertThat(hearMetadata(peer, MetadataReject.class).block()).isZero();
        }
    }
}
