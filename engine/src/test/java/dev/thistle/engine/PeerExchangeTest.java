package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.ExtendedHandshake.Whereabouts;
import dev.thistle.protocol.peer.Extension;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.ExtensionMessage.ExchangedPeer;
import dev.thistle.protocol.peer.ExtensionMessage.PeersChanged;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.PeerExchangeCodec;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A session among peers that tell of each other (BEP 11), lose pieces (BEP 54) and want nothing
/// more (BEP 21).
@Timeout(30)
class PeerExchangeTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(4 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);
    private static final int THEIR_ID = 9;

    private final Lab lab = new Lab();
    private Torrent torrent;

    @BeforeEach
    void leech() throws Exception {
        torrent =
                lab.session(1)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
    }

    @AfterEach
    void closeAll() {
        lab.close();
    }

    /// A peer that calls, and names the port where it would accept callers.
    private RawPeer peer(int host, int port) throws IOException {
        return peer(lab.host(host), port);
    }

    private RawPeer peer(MemoryNetwork.Host host, int port) throws IOException {
        RawPeer peer = RawPeer.call(host, lab.socket(1), METAINFO.infoHash());
        introduce(peer, port, Optional.empty(), Optional.empty());
        return peer;
    }

    private static void introduce(
            RawPeer peer,
            int port,
            Optional<Boolean> prefersEncryption,
            Optional<Boolean> uploadOnly)
            throws IOException {
        var extended =
                new ExtendedHandshake(
                        Map.of("ut_pex", THEIR_ID, "upload_only", THEIR_ID + 1),
                        new Whereabouts(
                                port == 0 ? Optional.empty() : Optional.of(port),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        prefersEncryption,
                        uploadOnly);
        peer.say(new PeerMessage.Extended(0, extended.encode()));
    }

    private static PeersChanged hearPeers(RawPeer peer) throws IOException {
        while (true) {
            var extended = peer.hear(PeerMessage.Extended.class);
            if (extended.extensionId() == THEIR_ID) {
                return (PeersChanged) ExtensionMessage.decode(Extension.UT_PEX, extended.payload());
            }
        }
    }

    private static void tell(RawPeer peer, ExtensionMessage message) throws IOException {
        peer.say(new PeerMessage.Extended(message.extension().id(), message.encode()));
    }

    private static PeerAddress at(int host, int port) {
        return PeerAddress.of(new byte[] {10, 0, 0, (byte) host}, port);
    }

    @Test
    void peers_hear_of_each_other_where_they_accept_callers() throws Exception {
        try (RawPeer one = peer(2, 7002);
                RawPeer seed = peer(3, 7003)) {
            seed.say(new PeerMessage.HaveAll());
            assertThat(hearPeers(one).added())
                    .extracting(ExchangedPeer::address)
                    .contains(at(3, 7003));
            PeersChanged told = hearPeers(seed);
            assertThat(told.added()).containsExactly(new ExchangedPeer(at(2, 7002), 0));
            assertThat(told.dropped()).isEmpty();
        }
    }

    @Test
    void of_a_peer_whose_port_is_not_known_nobody_hears() throws Exception {
        try (RawPeer silent = peer(2, 0);
                RawPeer one = peer(3, 7003);
                RawPeer other = peer(4, 7004)) {
            assertThat(silent).isNotNull();
            assertThat(one).isNotNull();
            assertThat(hearPeers(other).added())
                    .extracting(ExchangedPeer::address)
                    .containsExactly(at(3, 7003));
        }
    }

    @Test
    void of_a_peer_at_home_nobody_far_away_hears() throws Exception {
        var near = lab.internet.host("fd00::2");
        var far = lab.internet.host("2a00::3");
        try (RawPeer home = peer(near, 7002);
                RawPeer one = peer(3, 7003)) {
            assertThat(hearPeers(home).added()).hasSize(1); // so it is introduced
            assertThat(hearPeers(one).added())
                    .as("at home as well")
                    .extracting(ExchangedPeer::address)
                    .containsExactly(PeerAddress.of(near.ip().getAddress(), 7002));
            try (RawPeer another = peer(lab.internet.host("2a00::4"), 7004);
                    RawPeer stranger = peer(far, 7005)) {
                assertThat(another).isNotNull();
                assertThat(hearPeers(stranger).added())
                        .extracting(ExchangedPeer::address)
                        .containsExactly(
                                PeerAddress.of(
                                        lab.internet.host("2a00::4").ip().getAddress(), 7004));
            }
        }
    }

    @Test
    void whom_a_peer_tells_of_is_called() throws Exception {
        try (Listener port = lab.host(5).listen(lab.socket(5));
                RawPeer one = peer(2, 7002)) {
            tell(one, new PeersChanged(List.of(new ExchangedPeer(at(5, Lab.PORT), 0)), List.of()));
            port.accept().close();
        }
    }

    /// The flag is that of a peer whose connections are encrypted, as libtorrent sets it.
    @Test
    void who_is_told_of_as_preferring_mse_is_called_so() throws Exception {
        var plaintextFirst = new EncryptionPolicy(Level.ALLOW, Cipher.ANY);
        Torrent other =
                lab.session(7, plaintextFirst)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT.length),
                                Lab.QUICK_BUT_BEARS_SILENCE);
        Wait.until(() -> other.snapshot().state() == State.DOWNLOADING);
        try (Listener port = lab.host(5).listen(lab.socket(5));
                RawPeer one = RawPeer.call(lab.host(2), lab.socket(7), METAINFO.infoHash())) {
            var met = new ExchangedPeer(at(5, Lab.PORT), PeerExchangeCodec.PREFERS_ENCRYPTION);
            tell(one, new PeersChanged(List.of(met), List.of()));
            ByteBuffer first = ByteBuffer.allocate(Handshake.HEADER_BYTES);
            try (Link link = port.accept()) {
                while (first.hasRemaining()) {
                    assertThat(link.read(first, RawPeer.PATIENCE)).isPositive();
                }
            }
            assertThat(new String(first.array(), StandardCharsets.ISO_8859_1))
                    .isNotEqualTo("\u0013BitTorrent protocol");
        }
    }

    @Test
    void a_seed_does_not_call_whom_it_is_told_of_as_a_seed() throws Exception {
        var calls = new Lab.Calls(lab.host(7));
        Torrent seed =
                lab.session(7, EncryptionPolicy.DEFAULT, calls)
                        .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE);
        seed.completed().join();
        try (RawPeer one = RawPeer.call(lab.host(2), lab.socket(7), METAINFO.infoHash())) {
            var another = new ExchangedPeer(at(5, Lab.PORT), PeerExchangeCodec.UPLOAD_ONLY);
            var leecher = new ExchangedPeer(at(6, Lab.PORT), 0);
            tell(one, new PeersChanged(List.of(another, leecher), List.of()));
            Wait.until(() -> !calls.made.isEmpty());
            assertThat(calls.made).containsOnly(lab.socket(6));
        }
    }

    @Test
    void who_tells_of_peers_all_the_time_is_dropped() throws Exception {
        try (RawPeer one = peer(2, 7002)) {
            for (int i = 0; i < 7; i++) {
                tell(one, new PeersChanged(List.of(), List.of()));
            }
            one.untilDropped();
        }
    }

    @Test
    void a_lost_piece_is_asked_for_no_more() throws Exception {
        try (RawPeer one = peer(2, 7002)) {
            one.say(new PeerMessage.HaveAll());
            assertThat(one.hear(PeerMessage.Interested.class)).isNotNull();
            for (int piece = 0; piece < 4; piece++) {
                tell(one, new ExtensionMessage.DontHave(piece));
            }
            tell(one, new ExtensionMessage.DontHave(1_000_000)); // means nothing, and is no crime
            assertThat(one.hear(PeerMessage.NotInterested.class)).isNotNull();
            one.say(new PeerMessage.Have(2), new PeerMessage.Unchoke());
            assertThat(one.hear(PeerMessage.Request.class).piece()).isEqualTo(2);
        }
    }

    @Test
    void who_has_everything_says_that_it_wants_nothing_more() throws Exception {
        try (RawPeer one = peer(2, 7002)) {
            one.say(new PeerMessage.HaveAll());
            assertThat(one.hear(PeerMessage.Interested.class)).isNotNull(); // so it is introduced
            Torrent seeder = lab.session(6).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
            seeder.completed().join();
            torrent.addPeers(List.of(Lab.address(6)));
            while (true) {
                var extended = one.hear(PeerMessage.Extended.class);
                if (extended.extensionId() == THEIR_ID + 1) {
                    assertThat(extended.payload().get(0)).isEqualTo((byte) 1);
                    return;
                }
            }
        }
    }

    @Test
    void flags_say_who_is_a_seed_and_was_called() throws Exception {
        try (Listener port = lab.host(5).listen(lab.socket(5))) {
            torrent.addPeers(List.of(Lab.address(5)));
            try (RawPeer called = answered(port)) {
                called.say(new PeerMessage.HaveAll());
                assertThat(called.hear(PeerMessage.Interested.class)).isNotNull();
                try (RawPeer one = peer(2, 7002)) {
                    assertThat(hearPeers(one).added())
                            .containsExactly(
                                    new ExchangedPeer(
                                            at(5, Lab.PORT),
                                            PeerExchangeCodec.UPLOAD_ONLY
                                                    | PeerExchangeCodec.REACHABLE));
                }
            }
        }
    }

    /// BEP 10: what a later handshake does not mention is as it was.
    @Test
    void what_a_peer_said_once_counts_until_it_says_otherwise() throws Exception {
        Optional<Boolean> yes = Optional.of(true);
        Optional<Boolean> unsaid = Optional.empty();
        int both = PeerExchangeCodec.PREFERS_ENCRYPTION | PeerExchangeCodec.UPLOAD_ONLY;
        try (RawPeer said = peer(2, 7002);
                RawPeer tookBack = peer(3, 7003)) {
            introduce(said, 7002, yes, yes);
            introduce(said, 7002, unsaid, unsaid);
            introduce(tookBack, 7003, yes, yes);
            introduce(tookBack, 7003, Optional.of(false), Optional.of(false));
            for (RawPeer peer : List.of(said, tookBack)) {
                peer.say(new PeerMessage.Interested());
                assertThat(peer.hear(PeerMessage.Unchoke.class)).as("read on").isNotNull();
            }
            try (RawPeer one = peer(4, 7004)) {
                assertThat(hearPeers(one).added())
                        .containsExactlyInAnyOrder(
                                new ExchangedPeer(at(2, 7002), both),
                                new ExchangedPeer(at(3, 7003), 0));
            }
        }
    }

    private static RawPeer answered(Listener port) throws IOException {
        while (true) {
            var link = port.accept();
            try {
                return RawPeer.answer(link, METAINFO);
            } catch (IOException mse) { // its first try, which we do not understand
                link.close();
            }
        }
    }
}
