package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.ExtendedHandshake.Whereabouts;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerPriority;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who gets the places of a torrent that takes no more than three peers (BEP 40), and by whom it
/// learns where it is itself (`yourip` of BEP 10).
@Timeout(30)
class PlacesTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(4 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);
    private static final byte[] OURS = {123, (byte) 213, 32, 10};

    private static final TorrentSettings THREE_PEERS =
            new TorrentSettings(
                    3,
                    10,
                    4,
                    Duration.ofMillis(200),
                    Duration.ofMillis(600),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20));

    private final Lab lab = new Lab();
    private Session session;

    /// Of five networks, the highest rank last.
    private final List<MemoryNetwork.Host> hosts =
            IntStream.range(1, 6)
                    .mapToObj(i -> lab.internet.host("%d.%d.7.9".formatted(20 * i, i)))
                    .sorted(Comparator.comparingLong(PlacesTest::rank))
                    .toList();

    private static long rank(MemoryNetwork.Host host) {
        return PeerPriority.between(
                PeerAddress.of(OURS, Lab.PORT), PeerAddress.of(host.ip().getAddress(), 1));
    }

    @BeforeEach
    void seed() throws IOException {
        session = lab.session(1);
        session.add(METAINFO, new MemoryStore(CONTENT), THREE_PEERS).completed().join();
    }

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private RawPeer peer(MemoryNetwork.Host host) throws IOException {
        RawPeer peer = RawPeer.call(host, lab.socket(1), METAINFO.infoHash());
        peer.hear(PeerMessage.HaveAll.class);
        return peer;
    }

    private static void sayWhereItIs(RawPeer peer) throws IOException {
        var extended =
                new ExtendedHandshake(
                        Map.of(),
                        new Whereabouts(
                                Optional.empty(),
                                Optional.of(ByteString.of(OURS)),
                                Optional.empty(),
                                Optional.empty()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        peer.say(new PeerMessage.Extended(0, extended.encode()));
    }

    /// Those of middling rank take all places and tell the torrent where it is.
    private List<RawPeer> fill() throws IOException {
        var peers = new ArrayList<RawPeer>();
        for (MemoryNetwork.Host host : hosts.subList(1, 4)) {
            peers.add(peer(host));
        }
        for (RawPeer peer : peers) {
            assertThat(session.externalIpv4()).as("two are not enough").isEmpty();
            sayWhereItIs(peer);
        }
        Wait.until(() -> session.externalIpv4().isPresent());
        return peers;
    }

    @Test
    void when_all_places_are_taken_a_peer_of_higher_priority_takes_that_of_the_lowest()
            throws Exception {
        List<RawPeer> peers = fill();
        RawPeer.call(hosts.getFirst(), lab.socket(1), METAINFO.infoHash()).untilDropped();
        try (RawPeer best = peer(hosts.getLast())) {
            peers.getFirst().untilDropped();
            for (RawPeer stays : List.of(best, peers.get(1), peers.get(2))) {
                stays.say(new PeerMessage.Interested());
                assertThat(stays.hear(PeerMessage.Unchoke.class)).isNotNull();
            }
        }
    }

    @Test
    void who_is_served_keeps_its_place() throws Exception {
        List<RawPeer> peers = fill();
        peers.getFirst().say(new PeerMessage.Interested());
        peers.getFirst().hear(PeerMessage.Unchoke.class);
        try (RawPeer best = peer(hosts.getLast())) {
            assertThat(best).isNotNull();
            peers.get(1).untilDropped();
            peers.getFirst().say(new PeerMessage.Request(0, 0, PIECE));
            assertThat(peers.getFirst().hear(PeerMessage.Piece.class)).isNotNull();
        }
    }

    @Test
    void while_nobody_knows_where_it_is_who_came_first_stays() throws Exception {
        for (MemoryNetwork.Host host : hosts.subList(0, 3)) {
            assertThat(peer(host)).isNotNull();
        }
        RawPeer.call(hosts.getLast(), lab.socket(1), METAINFO.infoHash()).untilDropped();
    }
}
