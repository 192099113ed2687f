package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Bitfield;
import dev.thistle.protocol.peer.PeerMessage.Extended;
import dev.thistle.protocol.peer.PeerMessage.Request;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What certain clients do differently from the letter of the specifications, in their bytes, and
/// what must not be said to them. What they do within MSE is tested where MSE is.
@Timeout(30)
class QuirksTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(8 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private void seed() throws IOException {
        lab.session(1)
                .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE)
                .completed()
                .join();
    }

    private void leech() throws IOException {
        Torrent torrent =
                lab.session(1)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
    }

    /// A peer with these capability bits.
    private RawPeer peer(long reserved) throws IOException {
        RawPeer peer = RawPeer.connect(lab.host(2), lab.socket(1));
        return peer.greet(new Handshake(reserved, METAINFO.infoHash(), RawPeer.anyId(peer)));
    }

    private static void send(RawPeer peer, String hex) throws IOException {
        peer.send(ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(hex)));
    }

    private static Bitfield bitfield(int bits) {
        return new Bitfield(ByteBuffer.wrap(new byte[] {(byte) bits}));
    }

    /// When many pieces have become complete at once, aria2 1.36 sends a second bitfield in place
    /// of as many haves.
    @Test
    void aria2_replaces_haves_by_another_bitfield() throws Exception {
        leech();
        try (RawPeer aria2 = peer(RawPeer.USUAL)) {
            send(aria2, "00 00 00 02 05 80"); // piece 0
            aria2.hear(PeerMessage.Interested.class);
            send(aria2, "00 00 00 02 05 e0"); // pieces 0, 1 and 2
            aria2.say(new PeerMessage.Unchoke());
            Set<Integer> asked = new HashSet<>();
            while (asked.size() < 3) {
                asked.add(aria2.hear(Request.class).piece());
            }
            assertThat(asked).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    /// libtorrent and Transmission introduce themselves before they tell what they have, and who
    /// began with a magnet link says many messages later that it has nothing.
    @Test
    void what_a_peer_has_need_not_be_its_first_message() throws Exception {
        leech();
        try (RawPeer libtorrent = peer(RawPeer.USUAL)) {
            ByteBuffer introduction =
                    StandardCharsets.ISO_8859_1.encode("d1:md11:ut_metadatai2e6:ut_pexi1eee");
            libtorrent.say(
                    new Extended(0, introduction),
                    new PeerMessage.Unchoke(),
                    new PeerMessage.HaveNone(),
                    new PeerMessage.Have(3));
            assertThat(libtorrent.hear(Request.class).piece()).isEqualTo(3);
        }
    }

    /// libtorrent 2.0.8 gives a hybrid up as damaged if a piece is complete before its hash came.
    /// It asks for one range after the other, is interested meanwhile, and may begin with any
    /// piece.
    @Test
    void libtorrent_gets_all_hashes_of_a_hybrid_before_it_may_have_pieces() throws Exception {
        Metainfo hybrid = Torrents.ofFolder(MetaVersion.HYBRID, CONTENT, PIECE, CONTENT.length);
        lab.session(1)
                .add(hybrid, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE)
                .completed()
                .get(20, TimeUnit.SECONDS);
        InfoHash name = hybrid.infoHashes().v2Truncated().orElseThrow();
        ByteString root =
                ByteString.of(hybrid.files().getFirst().piecesRoot().orElseThrow().bytes());
        PeerMessage first = new PeerMessage.HashRequest(new HashRange(root, 0, 0, 4, 1));
        PeerMessage second = new PeerMessage.HashRequest(new HashRange(root, 0, 4, 4, 1));
        try (RawPeer libtorrent = RawPeer.call(lab.host(2), lab.socket(1), name)) {
            libtorrent.say(new PeerMessage.HaveNone(), first, new PeerMessage.Interested(), second);
            List<PeerMessage> heard = new ArrayList<>();
            do {
                heard.add(libtorrent.hear());
            } while (!(heard.getLast() instanceof PeerMessage.Unchoke));
            assertThat(heard).noneMatch(PeerMessage.AllowedFast.class::isInstance);
            assertThat(heard).filteredOn(PeerMessage.Hashes.class::isInstance).hasSize(2);
        }
    }

    /// Transmission and trackers that look whether a port is open send 48 bytes and wait.
    @Test
    void the_answer_comes_before_the_peer_id() throws Exception {
        seed();
        try (RawPeer peer = RawPeer.connect(lab.host(2), lab.socket(1))) {
            ByteBuffer ours = ByteBuffer.allocate(Handshake.BYTES);
            PeerId id = RawPeer.anyId(peer);
            new Handshake(RawPeer.USUAL, METAINFO.infoHash(), id).writeTo(ours);
            peer.send(ours.flip().limit(Handshake.PROLOGUE_BYTES));
            ByteBuffer answer = ByteBuffer.allocate(Handshake.BYTES);
            while (answer.hasRemaining()) {
                assertThat(peer.link.read(answer, RawPeer.PATIENCE)).isPositive();
            }
            peer.send(ours.limit(Handshake.BYTES));
            peer.hear(PeerMessage.HaveAll.class);
        }
    }

    /// Bits of Azureus messaging and its way to agree on extensions, and names of extensions that
    /// nobody else has.
    @Test
    void biglybt_is_spoken_to_as_everybody_is() throws Exception {
        seed();
        try (RawPeer biglybt = peer(0x80_00_00_00_00_13_00_04L)) {
            ByteBuffer introduction =
                    StandardCharsets.ISO_8859_1.encode(
                            "d1:ei0e1:md11:upload_onlyi4e11:ut_metadatai2e6:ut_pexi1ee1:pi6881e"
                                    + "1:v15:BiglyBT 3.5.0.0e");
            biglybt.say(
                    new Extended(0, introduction),
                    new PeerMessage.HaveNone(),
                    new PeerMessage.Interested());
            biglybt.hear(PeerMessage.Unchoke.class);
            biglybt.say(new Request(0, 0, PIECE));
            assertThat(biglybt.hear(PeerMessage.Piece.class).piece()).isZero();
        }
    }

    /// BiglyBT that requires encryption does not at home, where it calls and answers in plaintext.
    /// Whoever requires it here requires it of everybody; others do not mind.
    @Test
    void biglybt_may_be_plain_at_home_with_all_who_require_nothing() throws Exception {
        seed();
        try (RawPeer neighbour = peer(0x80_00_00_00_00_13_00_04L)) {
            neighbour.say(new PeerMessage.HaveNone(), new PeerMessage.Interested());
            neighbour.hear(PeerMessage.Unchoke.class);
        }
        var required = new EncryptionPolicy(Level.REQUIRE, Cipher.ANY);
        lab.session(3, required)
                .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE)
                .completed()
                .join();
        try (RawPeer neighbour = RawPeer.connect(lab.host(2), lab.socket(3))) {
            assertThatThrownBy(() -> neighbour.greet(METAINFO.infoHash(), RawPeer.anyId(neighbour)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    /// A port of the DHT that we do not have, a piece that would be cheap, a message of an
    /// extension that nobody offered, and ids that nobody knows.
    @Test
    void what_is_of_no_use_is_passed_over() throws Exception {
        seed();
        try (RawPeer peer = peer(RawPeer.USUAL)) {
            send(peer, "00 00 00 03 09 1a e1"); // port
            send(peer, "00 00 00 05 0d 00 00 00 02"); // suggest piece
            send(peer, "00 00 00 04 14 63 64 65"); // extension message 99
            send(peer, "00 00 00 03 1e aa bb"); // message 30
            send(peer, "00 00 00 01 ff"); // message 255
            send(peer, "00 00 00 00"); // keep-alive
            peer.say(new PeerMessage.HaveNone(), new PeerMessage.Interested());
            peer.hear(PeerMessage.Unchoke.class);
            peer.say(new Request(7, 0, PIECE));
            assertThat(peer.hear(PeerMessage.Piece.class).piece()).isEqualTo(7);
        }
    }

    /// rqbit and bt know no fast extension, and libtorrent hangs up on its messages when it was not
    /// agreed on; also nobody is sent extension messages who did not offer to take them.
    @Test
    void who_knows_neither_extension_hears_of_none() throws Exception {
        seed();
        try (RawPeer old = peer(0)) {
            old.say(new Request(0, 0, PIECE), new PeerMessage.Interested()); // choked: no answer
            assertThat(old.hear()).isEqualTo(bitfield(0xff));
            assertThat(old.hear()).isEqualTo(new PeerMessage.Unchoke());
            old.say(new Request(1, 0, PIECE + 1), new Request(2, 0, PIECE)); // too long: no answer
            assertThat(old.hear())
                    .isInstanceOfSatisfying(
                            PeerMessage.Piece.class,
                            piece -> assertThat(piece.piece()).isEqualTo(2));
        }
    }

    /// libtorrent hangs up on every id it does not know: what we say first to a peer that has
    /// agreed to everything are the four that it does.
    @Test
    void only_what_was_agreed_on_is_said_to_libtorrent() throws Exception {
        seed();
        try (RawPeer libtorrent = peer(RawPeer.USUAL)) {
            libtorrent.say(new PeerMessage.HaveNone(), new PeerMessage.Interested());
            PeerMessage heard = libtorrent.hear();
            while (!(heard instanceof PeerMessage.Unchoke)) {
                assertThat(heard)
                        .isInstanceOfAny(
                                Extended.class,
                                PeerMessage.HaveAll.class,
                                PeerMessage.AllowedFast.class);
                if (heard instanceof Extended extended) {
                    assertThat(extended.extensionId()).as("it offered no other").isZero();
                }
                heard = libtorrent.hear();
            }
        }
    }

    /// rtorrent 0.9.8 counts the greeting as over when a message has come that introduces nobody,
    /// of five bytes or more, and answers nothing before: who has no metadata yet says that it is
    /// not interested, as everybody is at first.
    @Test
    void rtorrent_waits_for_a_message_behind_the_introduction() throws Exception {
        var link = Magnet.parse(Magnet.of(METAINFO).link());
        Torrent torrent =
                lab.session(1)
                        .add(
                                link,
                                metainfo -> new MemoryStore(CONTENT.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.METADATA);
        try (RawPeer rtorrent = peer(Handshake.EXTENDED)) {
            assertThat(rtorrent.hear()).isInstanceOf(Extended.class);
            assertThat(rtorrent.hear()).isEqualTo(new PeerMessage.NotInterested());
        }
    }

    /// libtorrent tells by a message of its own that it wants nothing more, or something again.
    @Test
    void libtorrent_becomes_upload_only_by_a_message() throws Exception {
        seed();
        try (RawPeer libtorrent = peer(RawPeer.USUAL)) {
            libtorrent.say(new PeerMessage.HaveNone());
            for (String message : List.of("00 00 00 03 14 03 00", "00 00 00 03 14 03 01")) {
                send(libtorrent, message);
            }
            libtorrent.untilDropped(); // two that want nothing have nothing to say
        }
    }
}
