package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.TorrentEncryption;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.Encounters;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.protocol.metainfo.Metainfo;
import java.nio.ByteBuffer;
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
        Lab.until(() -> leecher.snapshot().encounters().outgoing().mseRc4() > 0);
        assertThat(leecher.snapshot().encounters().outgoing().plaintext()).isZero();
        Lab.until(() -> seeder.snapshot().encounters().incoming().mseRc4() > 0);
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
        Lab.until(() -> leecher.snapshot().encounters().fallbacks() > 0);
        Encounters met = leecher.snapshot().encounters();
        assertThat(met.refused() + met.reset() + met.timedOut()).isPositive();
        assertThat(met.outgoing().plaintext()).isPositive();
        assertThat(met.outgoing().mseRc4()).isZero();
    }

    /// Takes one call by MSE and answers it with so many bytes.
    private Encounters met(TorrentSettings settings, int answerBytes) throws Exception {
        Torrent leecher =
                lab.session(2, RC4).add(METAINFO, new MemoryStore(CONTENT.length), settings);
        try (Listener port = lab.host(3).listen(lab.socket(3))) {
            leecher.addPeers(List.of(Lab.address(3)));
            try (Link link = port.accept()) {
                if (answerBytes > 0) {
                    link.write(ByteBuffer.wrap(Lab.content(answerBytes)), RawPeer.PATIENCE);
                }
                Lab.until(() -> !leecher.snapshot().encounters().equals(Encounters.NONE));
                return leecher.snapshot().encounters();
            }
        }
    }

    @Test
    void a_peer_that_says_nothing_is_counted_as_timed_out() throws Exception {
        assertThat(met(Lab.QUICK, 0).timedOut()).isPositive();
    }

    @Test
    void a_peer_that_answers_nonsense_is_counted_as_sync_lost() throws Exception {
        assertThat(met(TorrentSettings.DEFAULT, 2_000).syncLost()).isPositive();
    }
}
