package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.limits.Tolls;
import dev.thistle.engine.peers.BufferPool;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.PeerConnection;
import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.net.Link;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.PeerMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeepAliveTest {

    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final long START = 1_000;
    private static final long MINUTE = Peer.KEEP_ALIVE_NANOS;

    private static int lengthHeard(Link remote) throws Exception {
        ByteBuffer prefix = ByteBuffer.allocate(4);
        while (prefix.hasRemaining()) {
            assertThat(remote.read(prefix, PATIENCE)).isPositive();
        }
        return prefix.getInt(0);
    }

    /// What is heard next is what was said, so nothing was before.
    private static void speak(PeerConnection connection, Link remote) throws Exception {
        long writes = connection.writes();
        connection.say(new PeerMessage.Choke());
        assertThat(lengthHeard(remote)).as("a choke").isEqualTo(1);
        assertThat(remote.read(ByteBuffer.allocate(1), PATIENCE)).isEqualTo(1);
        while (connection.writes() == writes) {
            Thread.onSpinWait();
        }
    }

    @Test
    void a_peer_hears_a_keep_alive_after_a_minute_of_our_silence_and_not_before() throws Exception {
        Metainfo metainfo = Torrents.of("one", new byte[] {1}, 32 * 1024);
        var internet = new MemoryNetwork(1);
        MemoryNetwork.Host home = internet.host("10.0.0.1");
        try (var port = home.listen(new InetSocketAddress(home.ip(), 6881));
                Link remote = internet.host("10.0.0.2").connect(port.address(), PATIENCE)) {
            var handshake =
                    new Handshake(0, metainfo.infoHash(), PeerId.random("-XX0100-", new Random(1)));
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
            connection.start();
            var peer = new Peer(connection, Optional.empty(), START);

            peer.tick(START + MINUTE - 1);
            speak(connection, remote);
            peer.tick(START + MINUTE); // sees that something was said
            peer.tick(START + 2 * MINUTE - 1);
            speak(connection, remote);
            peer.tick(START + 2 * MINUTE);
            peer.tick(START + 3 * MINUTE);
            assertThat(lengthHeard(remote)).as("a keep-alive").isZero();
            connection.close("the test is over");
        }
    }
}
