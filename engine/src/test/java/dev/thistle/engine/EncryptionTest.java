package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.TorrentEncryption;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.Encounters;
import dev.thistle.engine.snapshot.Encounters.Greetings;
import dev.thistle.engine.snapshot.FailedGreetings;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Torrents with an encryption of their own, and what is counted of greetings.
@Timeout(30)
class EncryptionTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(3 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);
    private static final EncryptionPolicy PLAINTEXT = new EncryptionPolicy(Level.OFF, Cipher.ANY);
    private static final EncryptionPolicy RC4 = new EncryptionPolicy(Level.REQUIRE, Cipher.RC4);

    /// Nobody is called a second time soon, and nobody is given up for being slow.
    private static final TorrentSettings PATIENT = TorrentSettings.DEFAULT;

    private static final TorrentSettings IMPATIENT =
            new TorrentSettings(
                    20,
                    10,
                    4,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    Duration.ofHours(1));

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    @Test
    void a_torrent_calls_as_it_wants_and_not_as_its_session_does() throws Exception {
        Torrent seeder = lab.session(1).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK);
        seeder.completed().join();
        Torrent leecher =
                lab.session(2, PLAINTEXT)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT.length),
                                Lab.QUICK.withEncryption(TorrentEncryption.of(RC4)));
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
        Wait.until(() -> leecher.snapshot().encounters().outgoing().mseRc4() > 0);
        assertThat(leecher.snapshot().encounters().outgoing().plaintext()).isZero();
        Wait.until(() -> seeder.snapshot().encounters().incoming().mseRc4() > 0);
    }

    @Test
    void a_torrent_may_be_stricter_with_callers_than_its_session() throws Exception {
        Torrent seeder =
                lab.session(1)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT),
                                Lab.QUICK.withEncryption(TorrentEncryption.of(RC4)));
        seeder.completed().join();
        try (RawPeer plain = RawPeer.call(lab.host(3), lab.socket(1), METAINFO.infoHash())) {
            plain.untilDropped();
        }
        Torrent leecher =
                lab.session(2, RC4).add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
    }

    @Test
    void a_fall_back_and_its_reason_are_counted() throws Exception {
        lab.session(1, PLAINTEXT)
                .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK)
                .completed()
                .join();
        Torrent leecher = lab.session(2).add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
        Wait.until(() -> leecher.snapshot().encounters().fallbacks() > 0);
        Encounters met = leecher.snapshot().encounters();
        assertThat(met.refused() + met.reset() + met.timedOut()).isPositive();
        assertThat(met.outgoing().plaintext()).isPositive();
        assertThat(met.outgoing().mseRc4()).isZero();
    }

    private interface Answer {
        void give(Link link) throws IOException;
    }

    /// Takes one call by MSE and answers it.
    private Encounters met(TorrentSettings settings, Answer answer) throws Exception {
        Torrent leecher =
                lab.session(2, RC4).add(METAINFO, new MemoryStore(CONTENT.length), settings);
        try (Listener port = lab.host(3).listen(lab.socket(3))) {
            leecher.addPeers(List.of(Lab.address(3)));
            try (Link link = port.accept()) {
                assertThat(link.read(ByteBuffer.allocate(1), RawPeer.PATIENCE)).isEqualTo(1);
                answer.give(link);
                Wait.until(() -> !leecher.snapshot().encounters().equals(Encounters.NONE));
                return leecher.snapshot().encounters();
            }
        }
    }

    private static Encounters failed(int syncLost, int refused, int timedOut, int reset) {
        return new Encounters(
                Greetings.NONE, Greetings.NONE, syncLost, refused, timedOut, reset, 0);
    }

    @Test
    void a_peer_that_says_nothing_is_counted_as_timed_out() throws Exception {
        assertThat(met(IMPATIENT, _ -> {})).isEqualTo(failed(0, 0, 1, 0));
    }

    @Test
    void a_peer_that_answers_nonsense_is_counted_as_sync_lost() throws Exception {
        ByteBuffer nonsense = ByteBuffer.wrap(Lab.content(2_000));
        assertThat(met(PATIENT, link -> link.write(nonsense, RawPeer.PATIENCE)))
                .isEqualTo(failed(1, 0, 0, 0));
    }

    @Test
    void a_peer_that_hangs_up_is_counted_as_refusing() throws Exception {
        assertThat(met(PATIENT, Link::close)).isEqualTo(failed(0, 1, 0, 0));
    }

    @Test
    void a_reset_is_counted_as_such() throws Exception {
        assertThat(met(PATIENT, _ -> lab.internet.reset(lab.host(2), lab.host(3))))
                .isEqualTo(failed(0, 0, 0, 1));
    }

    /// Calls the session and says half of a handshake.
    private Link caller(InfoHash infoHash) throws IOException {
        Link link = lab.host(3).connect(lab.socket(1), RawPeer.PATIENCE);
        ByteBuffer handshake = ByteBuffer.allocate(Handshake.BYTES);
        new Handshake(0, infoHash, RawPeer.anyId(link)).writeTo(handshake);
        link.write(handshake.flip().limit(Handshake.PROLOGUE_BYTES), RawPeer.PATIENCE);
        return link;
    }

    private Link answeredCaller() throws IOException {
        Link link = caller(METAINFO.infoHash());
        assertThat(link.read(ByteBuffer.allocate(Handshake.BYTES), RawPeer.PATIENCE)).isPositive();
        return link;
    }

    @Test
    void callers_that_are_not_greeted_are_counted_as_well() throws Exception {
        Session session = lab.session(1);
        session.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK).completed().join();
        try (Link _ = caller(InfoHash.read(ByteBuffer.wrap(Lab.content(InfoHash.BYTES))))) {
            Wait.until(() -> session.failedCallers().equals(new FailedGreetings(1, 0, 0, 0)));
        }
        answeredCaller().close();
        Wait.until(() -> session.failedCallers().equals(new FailedGreetings(1, 1, 0, 0)));
        try (Link _ = answeredCaller()) {
            lab.internet.reset(lab.host(1), lab.host(3));
            Wait.until(() -> session.failedCallers().equals(new FailedGreetings(1, 1, 0, 1)));
        }
    }
}
