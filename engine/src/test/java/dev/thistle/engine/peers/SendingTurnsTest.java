package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.Wait;
import dev.thistle.engine.limits.Tolls;
import dev.thistle.engine.peers.BufferPool.Lease;
import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.PeerMessage.Request;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two buffers to send with, and more peers who want something.
@Timeout(60)
class SendingTurnsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final byte[] CONTENT = new byte[32 * 1024];
    private static final Metainfo METAINFO = Torrents.of("zeros", CONTENT, 32 * 1024);
    private static final int BLOCK_FRAME = 13 + 16384;

    private final BufferPool pool = new BufferPool(new BufferLimits(BufferLimits.MIN_BYTES), 0);
    private final MemoryNetwork internet = new MemoryNetwork(1);
    private final LinkedBlockingQueue<PeerEvent> events = new LinkedBlockingQueue<>();
    private final List<PeerConnection> connections = new ArrayList<>();
    private final List<Link> remotes = new ArrayList<>();

    @AfterEach
    void hangUp() {
        connections.forEach(connection -> connection.close("the test is over"));
        remotes.forEach(Link::close);
    }

    /// A peer that has asked for `blocks` blocks.
    private Link asking(int blocks) throws Exception {
        int number = connections.size() + 1;
        MemoryNetwork.Host home = internet.host("10.0.0.1");
        try (var port = home.listen(new InetSocketAddress(home.ip(), 6881))) {
            Link remote = internet.host("10.0.1." + number).connect(port.address(), PATIENCE);
            remotes.add(remote);
            var handshake =
                    new Handshake(
                            Handshake.FAST,
                            METAINFO.infoHash(),
                            PeerId.random("-XX0100-", new Random(number)));
            var connection =
                    new PeerConnection(
                            number,
                            new Greeted(
                                    port.accept(),
                                    ByteBuffer.allocate(0),
                                    handshake,
                                    handshake.infoHash(),
                                    Protection.PLAINTEXT,
                                    true),
                            pool,
                            Tolls.FREE,
                            PATIENCE,
                            System::nanoTime,
                            events::add);
            connections.add(connection);
            connection.begin(METAINFO, new MemoryStore(CONTENT));
            for (int i = 0; i < blocks; i++) {
                connection.serve(new Request(0, i, 16384)); // each once, else it would be one
            }
            connection.start();
            return remote;
        }
    }

    @Test
    void who_reads_is_served_although_others_who_do_not_hold_all_the_memory() throws Exception {
        asking(2000);
        asking(2000);
        Wait.until(() -> pool.use().sendingBytes() == 2 * 131_072);
        Link reader = asking(20);
        Wait.until(() -> pool.use().waiting() == 1);

        var _ = pool.tick(5);
        var _ = pool.tick(4 + BufferPool.YIELD_NANOS);
        assertThat(pool.use().waiting()).as("they may be slow").isOne();
        var _ = pool.tick(5 + BufferPool.YIELD_NANOS);
        ByteBuffer served = ByteBuffer.allocate(20 * BLOCK_FRAME);
        while (served.hasRemaining()) {
            assertThat(reader.read(served, PATIENCE)).isPositive();
        }
        var _ = pool.tick(6 + 3 * BufferPool.YIELD_NANOS);
        assertThat(events.take())
                .isEqualTo(
                        new PeerEvent.Closed(
                                connections.getFirst(),
                                "does not read what it is sent, while others wait for memory"));
        assertThat(events).as("one had to go for one that waited").isEmpty();
    }

    @Test
    void who_has_more_to_send_than_a_buffer_holds_gets_in_line_again() throws Exception {
        Lease elsewhere = Objects.requireNonNull(pool.trySend(() -> {}));
        var sent = new CompletableFuture<Void>();
        var proceed = new CompletableFuture<Void>();
        var much =
                new SendBuffer(
                        pool,
                        () -> false,
                        () -> {},
                        bytes -> {
                            proceed.join();
                            bytes.position(bytes.limit());
                        });
        Thread.startVirtualThread(() -> {
            try (much) {
                for (int i = 0; i < 20; i++) {
                    ByteBuffer room = much.room(BLOCK_FRAME);
                    room.position(room.position() + BLOCK_FRAME);
                }
                much.finish();
                sent.complete(null);
            } catch (Exception failed) {
                sent.completeExceptionally(failed);
            }
        });
        Wait.until(() -> pool.use().sendingBytes() == 2 * 131_072);
        var waited = new CompletableFuture<Lease>();
        Thread.startVirtualThread(() -> waited.complete(pool.send(() -> false, () -> {})));
        Wait.until(() -> pool.use().waiting() == 1);
        proceed.complete(null);

        Lease given = waited.get();
        Wait.until(() -> pool.use().waiting() == 1); // the other one now, for the rest
        assertThat(sent).isNotDone();
        pool.giveBack(given);
        sent.get();
        pool.giveBack(elsewhere);
        assertThat(pool.use().heldBytes()).isZero();
    }
}
