package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.SeedingSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Have;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The first seed of a swarm shows its pieces one by one (BEP 16).
@Timeout(60)
class SuperSeedingTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(60 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);
    private static final TorrentSettings SUPER =
            Lab.QUICK_BUT_BEARS_SILENCE.withSeeding(SeedingSettings.DEFAULT.withSuperSeeding(true));

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Torrent seeder() throws Exception {
        Torrent seeder = lab.session(1).add(METAINFO, new MemoryStore(CONTENT), SUPER);
        seeder.completed().get();
        return seeder;
    }

    private RawPeer call(int host) throws Exception {
        return RawPeer.call(lab.host(host), lab.socket(1), METAINFO.infoHash());
    }

    /// It uploads one copy; a seed that shows everything uploads up to three here.
    @Test
    void a_swarm_gets_everything_with_little_more_than_one_upload() throws Exception {
        Torrent seeder = seeder();
        var leechers = new ArrayList<Torrent>();
        for (int host = 2; host <= 6; host++) {
            leechers.add(
                    lab.session(host)
                            .add(
                                    METAINFO,
                                    new MemoryStore(CONTENT.length),
                                    Lab.QUICK_BUT_BEARS_SILENCE));
        }
        List<PeerAddress> all = IntStream.rangeClosed(1, 6).mapToObj(Lab::address).toList();
        leechers.forEach(leecher -> leecher.addPeers(all.subList(1, 6)));
        for (Torrent leecher : leechers) { // they know each other before there is anything to get
            Wait.until(() -> leecher.snapshot().peers().size() >= 4);
        }
        leechers.forEach(leecher -> leecher.addPeers(all.subList(0, 1)));

        leechers.forEach(leecher -> leecher.completed().orTimeout(50, TimeUnit.SECONDS).join());

        long uploaded = seeder.stop().get().uploadedBytes();
        assertThat(uploaded).isBetween((long) CONTENT.length, CONTENT.length * 3L / 2);
    }

    @Test
    void a_leecher_that_is_alone_gets_everything() throws Exception {
        seeder();
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = lab.session(2).add(METAINFO, store, Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
    }

    @Test
    void nothing_tells_that_it_is_a_seed_and_a_piece_is_shown_when_the_last_was_passed_on()
            throws Exception {
        seeder();
        try (RawPeer first = call(2);
                RawPeer second = call(3)) {
            ByteBuffer extended = first.hear(PeerMessage.Extended.class).payload();
            assertThat(ExtendedHandshake.decode(extended).uploadOnly()).isEmpty();
            assertThat(first.hear()).isEqualTo(new PeerMessage.HaveNone());
            second.hear(PeerMessage.HaveNone.class);
            first.say(new PeerMessage.HaveNone());
            second.say(new PeerMessage.HaveNone(), new PeerMessage.Interested());
            var shown = new HashSet<Integer>();
            int toSecond = second.hear(Have.class).piece();
            shown.add(toSecond);
            second.hear(PeerMessage.Unchoke.class);

            second.say(new PeerMessage.Request((toSecond + 7) % 60, 0, PIECE));
            assertThat(second.hear(PeerMessage.RejectRequest.class).piece())
                    .as("what was not shown is not given")
                    .isEqualTo((toSecond + 7) % 60);
            second.say(new PeerMessage.Request(toSecond, 0, PIECE));
            assertThat(second.hear(PeerMessage.Piece.class).piece()).isEqualTo(toSecond);

            second.say(new Have(toSecond)); // that it has the piece itself earns it nothing
            second.say(new PeerMessage.Request((toSecond + 7) % 60, 0, PIECE));
            assertThat(second.hear()).isInstanceOf(PeerMessage.RejectRequest.class);
            first.say(new Have(toSecond));
            int next = second.hear(Have.class).piece();
            assertThat(shown.add(next)).isTrue();
        }
    }

    @Test
    void a_torrent_that_had_to_be_downloaded_shows_everything() throws Exception {
        seeder();
        Torrent second = lab.session(2).add(METAINFO, new MemoryStore(CONTENT.length), SUPER);
        second.addPeers(List.of(Lab.address(1)));
        second.completed().get();
        try (RawPeer caller = RawPeer.call(lab.host(3), lab.socket(2), METAINFO.infoHash())) {
            assertThat(caller.hear(PeerMessage.HaveAll.class)).isNotNull();
        }
    }
}
