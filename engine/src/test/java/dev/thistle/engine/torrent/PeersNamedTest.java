package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.limits.Tolls;
import dev.thistle.engine.peers.BanList;
import dev.thistle.engine.peers.BufferPool;
import dev.thistle.engine.peers.Candidates;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.Hearsay;
import dev.thistle.engine.peers.PeerConnection;
import dev.thistle.engine.peers.PeerRanking;
import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.net.Link;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtensionMessage.ExchangedPeer;
import dev.thistle.protocol.peer.ExtensionMessage.PeersChanged;
import dev.thistle.protocol.peer.Handshake;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How much of what one peer tells of others counts.
@Timeout(60)
class PeersNamedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final PeerRanking NO_RANKING =
            PeerRanking.of(Optional.empty(), Optional.empty(), 0);

    private final Candidates candidates =
            new Candidates(EncryptionPolicy.DEFAULT, PATIENCE, () -> NO_RANKING);
    private final PeerExchange exchange =
            new PeerExchange(
                    new Swarm(
                            PeerId.random("-XX0100-", new Random(1)),
                            10,
                            new BanList(InstantSource.system()),
                            () -> NO_RANKING),
                    candidates,
                    false);
    private Link remote;
    private Peer peer;

    @BeforeEach
    void meet() throws Exception {
        Metainfo metainfo = Torrents.of("one", new byte[] {1}, 32 * 1024);
        var internet = new MemoryNetwork(1);
        MemoryNetwork.Host home = internet.host("10.0.0.1");
        try (var port = home.listen(new InetSocketAddress(home.ip(), 6881))) {
            remote = internet.host("10.0.0.2").connect(port.address(), PATIENCE);
            var handshake =
                    new Handshake(0, metainfo.infoHash(), PeerId.random("-XX0100-", new Random(2)));
            var connection =
                    new PeerConnection(
                            1,
                            new Greeted(
                                    port.accept(),
                                    ByteBuffer.allocate(0),
                                    handshake,
                                    handshake.infoHash(),
                                    Protection.PLAINTEXT,
                                    true),
                            new BufferPool(BufferLimits.DEFAULT, 0),
                            Tolls.FREE,
                            PATIENCE,
                            System::nanoTime,
                            _ -> {});
            peer = new Peer(connection, Optional.empty(), 0);
        }
    }

    @AfterEach
    void part() {
        peer.connection.close("the test is over");
        remote.close();
    }

    private static List<PeerAddress> invented(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> PeerAddress.of(new byte[] {10, 9, (byte) (n >> 8), (byte) n}, 6881))
                .toList();
    }

    private void tell(List<PeerAddress> added, List<PeerAddress> dropped, long nowNanos) {
        exchange.heard(
                peer,
                new PeersChanged(
                        added.stream().map(address -> new ExchangedPeer(address, 0)).toList(),
                        dropped),
                nowNanos);
    }

    @Test
    void dropping_those_it_named_makes_no_room_for_more() {
        tell(invented(0, 40), List.of(), 0);
        tell(invented(40, 80), invented(0, 40), 0);
        tell(invented(80, 120), invented(40, 80), 0);
        assertThat(candidates.size()).isEqualTo(PeerExchange.MAX_FROM_ONE);
    }

    @Test
    void more_count_with_time() {
        tell(invented(0, 200), List.of(), 0);
        tell(invented(0, 200), List.of(), 10 * MINUTE);
        assertThat(candidates.size()).isEqualTo(PeerExchange.MAX_FROM_ONE + 10);
    }

    @Test
    void to_name_whom_we_know_costs_nothing() {
        invented(0, 500).forEach(address -> candidates.add(address, Hearsay.NOTHING));
        tell(invented(0, 500), List.of(), 0);
        tell(invented(500, 530), List.of(), 0);
        assertThat(candidates.size()).isEqualTo(530);
    }
}
