package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.SessionLimits;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rates and numbers that a session and a torrent keep to. A rate is tested from one side only: a
/// busy machine may be slower, never faster.
@Timeout(30)
class LimitsTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(30 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Session session(int host, SessionLimits limits) throws Exception {
        return lab.session(
                SessionSettings.of(lab.socket(host), EncryptionPolicy.DEFAULT).withLimits(limits),
                host);
    }

    private static SessionLimits metered(RateLimits rates) {
        return SessionLimits.DEFAULT.withRates(rates, true);
    }

    private static final SessionLimits FREE = metered(RateLimits.NONE);

    /// 480 KiB at 250,000 bytes a second, of which a burst comes at once.
    @ParameterizedTest(name = "{0}")
    @CsvSource({"session down", "session up", "torrent down", "torrent up"})
    void no_more_passes_than_the_limit(String which) throws Exception {
        var down = new RateLimits(250_000, 0);
        var up = new RateLimits(0, 250_000);
        Torrent seeder =
                session(1, which.equals("session up") ? metered(up) : FREE)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT),
                                which.equals("torrent up") ? Lab.QUICK.withRates(up) : Lab.QUICK);
        seeder.completed().join();
        Torrent leecher =
                session(2, which.equals("session down") ? metered(down) : FREE)
                        .add(
                                METAINFO,
                                new MemoryStore(CONTENT.length),
                                which.equals("torrent down")
                                        ? Lab.QUICK.withRates(down)
                                        : Lab.QUICK);
        long start = System.nanoTime();
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofSeconds(1));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"session", "torrent"})
    void a_limit_that_is_lifted_frees_those_that_wait(String which) throws Exception {
        var crawl = new RateLimits(RateLimits.LEAST, RateLimits.LEAST);
        session(1, FREE).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK).completed().join();
        Session session = session(2, which.equals("session") ? metered(crawl) : FREE);
        Torrent leecher =
                session.add(
                        METAINFO,
                        new MemoryStore(CONTENT.length),
                        which.equals("torrent") ? Lab.QUICK.withRates(crawl) : Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> leecher.snapshot().downloadedBytes() > 0);
        assertThat(leecher.completed()).isNotDone(); // it would take minutes

        if (which.equals("session")) {
            session.rates(RateLimits.NONE);
        } else {
            leecher.rates(RateLimits.NONE);
        }

        leecher.completed().get();
    }

    @Test
    void a_peer_of_the_local_network_is_not_slowed() throws Exception {
        var crawl = new RateLimits(RateLimits.LEAST, RateLimits.LEAST);
        session(1, FREE).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK).completed().join();
        Torrent leecher =
                session(2, SessionLimits.DEFAULT.withRates(crawl, false))
                        .add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1))); // 10.0.0.1
        leecher.completed().get(); // it would take eight minutes
    }

    @Test
    void a_session_with_all_connections_taken_takes_a_caller_when_one_is_free() throws Exception {
        Torrent seeder =
                session(1, FREE.withPeers(1, 20))
                        .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE);
        seeder.completed().join();
        try (RawPeer first = RawPeer.call(lab.host(3), lab.socket(1), METAINFO.infoHash())) {
            Wait.until(() -> seeder.snapshot().peers().size() == 1);
            try (RawPeer second = RawPeer.call(lab.host(4), lab.socket(1), METAINFO.infoHash())) {
                second.untilDropped();
            }
            assertThat(seeder.snapshot().peers()).hasSize(1);
            first.link.close();
        }
        Wait.until(() -> seeder.snapshot().peers().isEmpty());
        Torrent leecher =
                session(2, FREE).add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
    }

    @Test
    void slots_are_given_within_the_session_and_again_when_their_owner_is_gone() throws Exception {
        Torrent seeder =
                session(1, FREE.withPeers(10, 1))
                        .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE);
        seeder.completed().join();
        try (RawPeer first = RawPeer.call(lab.host(3), lab.socket(1), METAINFO.infoHash());
                RawPeer second = RawPeer.call(lab.host(4), lab.socket(1), METAINFO.infoHash())) {
            first.say(new PeerMessage.Interested());
            first.hear(PeerMessage.Unchoke.class);
            second.say(new PeerMessage.Interested());
            assertThat(seeder.snapshot().peers())
                    .filteredOn(peer -> !peer.isChokedByUs())
                    .hasSizeLessThan(2);
            first.link.close();
            second.hear(PeerMessage.Unchoke.class);
        }
    }

    /// The first torrent takes both slots while it is alone, and gives one back.
    @Test
    void slots_of_a_session_are_shared_by_its_torrents() throws Exception {
        Session session = session(1, FREE.withPeers(10, 2));
        byte[] content = Lab.content(7 * PIECE);
        Metainfo other = Torrents.of("other", content, PIECE);
        Torrent first =
                session.add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK_BUT_BEARS_SILENCE);
        Torrent second = session.add(other, new MemoryStore(content), Lab.QUICK_BUT_BEARS_SILENCE);
        first.completed().get();
        second.completed().get();
        try (RawPeer one = RawPeer.call(lab.host(3), lab.socket(1), METAINFO.infoHash());
                RawPeer two = RawPeer.call(lab.host(4), lab.socket(1), METAINFO.infoHash())) {
            one.say(new PeerMessage.Interested());
            one.hear(PeerMessage.Unchoke.class);
            two.say(new PeerMessage.Interested());
            two.hear(PeerMessage.Unchoke.class);
            try (RawPeer late = RawPeer.call(lab.host(5), lab.socket(1), other.infoHash())) {
                late.say(new PeerMessage.Interested());
                late.hear(PeerMessage.Unchoke.class);
            }
        }
    }
}
