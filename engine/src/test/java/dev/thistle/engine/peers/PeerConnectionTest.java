package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.limits.Tolls;
import dev.thistle.engine.pieces.PieceAssembly;
import dev.thistle.engine.pieces.PiecePicker.Block;
import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Link;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.Handshake;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeerConnectionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final byte[] CONTENT = new byte[32 * 1024];
    private static final Metainfo METAINFO = Torrents.of("zeros", CONTENT, 32 * 1024);
    private static final int BLOCK_BYTES = 16 * 1024;
    private static final byte[] LARGE = new byte[64 * BLOCK_BYTES];
    private static final Metainfo LARGE_METAINFO = Torrents.of("large", LARGE, LARGE.length);
    private static final Block FIRST = new Block(0, 0, 16384);

    /// A read of a message that has begun takes so long, by the connection's clock.
    private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(70);

    private final AtomicLong nanos = new AtomicLong();
    private final LinkedBlockingQueue<PeerEvent> events = new LinkedBlockingQueue<>();
    private final MemoryStore store = new MemoryStore(CONTENT);
    private final PieceAssembly assembly = new PieceAssembly(METAINFO, store, 0);
    private final BufferPool buffers = new BufferPool(BufferLimits.DEFAULT, 0);
    private Link remote;
    private PeerConnection connection;

    @BeforeEach
    void connect() throws Exception {
        var internet = new MemoryNetwork(1);
        MemoryNetwork.Host home = internet.host("10.0.0.1");
        try (var port = home.listen(new InetSocketAddress(home.ip(), 6881))) {
            remote = internet.host("10.0.0.2").connect(port.address(), PATIENCE);
            var handshake =
                    new Handshake(
                            Handshake.FAST,
                            METAINFO.infoHash(),
                            PeerId.random("-XX0100-", new Random(1)));
            connection =
                    new PeerConnection(
                            1,
                            new Greeted(
                                    port.accept(),
                                    ByteBuffer.allocate(0),
                                    handshake,
                                    handshake.infoHash(),
                                    Protection.PLAINTEXT,
                                    true),
                            buffers,
                            Tolls.FREE,
                            PATIENCE,
                            () -> nanos.addAndGet(READ_NANOS),
                            events::add);
        }
    }

    @AfterEach
    void hangUp() {
        connection.close("the test is over");
        remote.close();
    }

    private PeerMessage hear() throws Exception {
        ByteBuffer prefix = ByteBuffer.allocate(4);
        fill(prefix);
        ByteBuffer frame = ByteBuffer.allocate(prefix.getInt(0));
        fill(frame);
        return PeerMessageCodec.decode(frame.flip());
    }

    private void fill(ByteBuffer target) throws Exception {
        while (target.hasRemaining()) {
            assertThat(remote.read(target, PATIENCE)).isPositive();
        }
    }

    private void say(PeerMessage message) throws Exception {
        ByteBuffer out = ByteBuffer.allocate(PeerMessageCodec.encodedBytes(message));
        PeerMessageCodec.encode(message, out);
        remote.write(out.flip(), PATIENCE);
    }

    @Test
    void a_block_that_waits_for_more_is_told_before_the_end() throws Exception {
        var many = new ArrayList<Block>();
        for (int begin = 0; begin < LARGE.length; begin += BLOCK_BYTES) {
            many.add(new Block(0, begin, BLOCK_BYTES));
        }
        var large = new PieceAssembly(LARGE_METAINFO, new MemoryStore(LARGE), 0);
        var asked = new LinkedHashMap<Block, PieceAssembly>();
        many.forEach(block -> asked.put(block, large));
        connection.begin(LARGE_METAINFO, new MemoryStore(LARGE));
        connection.start();
        connection.ask(asked);
        say(new PeerMessage.Piece(0, 0, ByteBuffer.allocate(BLOCK_BYTES)));
        while (connection.askedCount() == many.size()) {
            LockSupport.parkNanos(100_000);
        }
        remote.close();

        var stored =
                new PeerEvent.Utterance.Delivered(
                        large, 0, BLOCK_BYTES, PieceAssembly.Outcome.STORED);
        assertThat(events.take()).isEqualTo(new PeerEvent.Heard(connection, List.of(stored)));
        assertThat(events.take()).isInstanceOf(PeerEvent.Closed.class);
    }

    @Test
    void what_a_peer_owes_already_is_not_asked_for_twice() throws Exception {
        connection.ask(Map.of(FIRST, assembly));
        connection.ask(Map.of(FIRST, assembly));
        connection.say(new PeerMessage.Have(0));
        connection.start();
        assertThat(connection.askedCount()).isEqualTo(1);
        assertThat(hear()).isEqualTo(new PeerMessage.Request(0, 0, 16384));
        assertThat(hear()).isEqualTo(new PeerMessage.Have(0));
    }

    @Test
    void requests_taken_back_are_cancelled_once() throws Exception {
        connection.ask(Map.of(FIRST, assembly));
        connection.unaskAll();
        connection.unaskAll();
        connection.say(new PeerMessage.Have(0));
        connection.start();
        assertThat(hear()).isEqualTo(new PeerMessage.Request(0, 0, 16384));
        assertThat(hear()).isEqualTo(new PeerMessage.Cancel(0, 0, 16384));
        assertThat(hear()).isEqualTo(new PeerMessage.Have(0));
    }

    @Test
    void only_blocks_that_were_asked_for_are_written() throws Exception {
        connection.ask(Map.of(FIRST, assembly));
        connection.start();
        ByteBuffer ones = ByteBuffer.allocate(16384);
        while (ones.hasRemaining()) {
            ones.put((byte) 1);
        }
        say(new PeerMessage.Piece(0, 16384, ones.flip())); // another block
        say(new PeerMessage.Piece(0, 0, ones.slice(0, 5))); // not a whole one
        int heard = 0;
        while (heard < 2) {
            if (events.take() instanceof PeerEvent.Heard(_, var utterances)) {
                assertThat(utterances).allMatch(PeerEvent.Utterance.Unasked.class::isInstance);
                heard += utterances.size();
            }
        }
        assertThat(store.content()).isEqualTo(CONTENT);
        assertThat(connection.askedCount()).isEqualTo(1);
        assertThat(connection.downloadedBytes()).isEqualTo(16384 + 5);
        assertThat(connection.deliveredBytes()).as("what earns it anything").isZero();
    }

    @Test
    void what_waits_to_be_said_is_the_sessions_until_the_connection_ends() {
        for (int i = 0; i < 50; i++) {
            connection.say(new PeerMessage.Extended(1, ByteBuffer.allocate(16 * 1024)));
        }
        assertThat(buffers.use().backlogBytes()).isBetween(700_000L, 850_000L);
        connection.close("the test is over");
        assertThat(buffers.use().backlogBytes()).isZero();
    }

    @Test
    void the_end_is_told_last_with_its_first_reason() throws Exception {
        connection.start();
        connection.close("first");
        connection.close("second");
        assertThat(events.take()).isEqualTo(new PeerEvent.Closed(connection, "first"));
    }

    /// Waits until the reader has looked at the clock so often: before and after each read of the
    /// rest of a message.
    private void untilLookedAtClock(int times) {
        while (nanos.get() < times * READ_NANOS) {
            assertThat(events).noneMatch(PeerEvent.Closed.class::isInstance);
            assertThat(Thread.currentThread().isInterrupted()).as("in time").isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void sayInTwoReads(PeerMessage message, int looksBefore) throws Exception {
        ByteBuffer out = ByteBuffer.allocate(PeerMessageCodec.encodedBytes(message));
        PeerMessageCodec.encode(message, out);
        remote.write(out.slice(0, 1), PATIENCE);
        untilLookedAtClock(looksBefore + 1);
        remote.write(out.slice(1, out.position() - 1), PATIENCE);
        untilLookedAtClock(looksBefore + 2);
    }

    @Test
    void a_peer_that_drips_a_message_is_dropped_and_one_that_is_slow_with_many_is_not()
            throws Exception {
        connection.start();
        for (int i = 0; i < 4; i++) {
            sayInTwoReads(new PeerMessage.Have(0), 2 * i);
            assertThat(events.take()).isInstanceOf(PeerEvent.Heard.class);
        }
        for (int i = 0; i < 3; i++) {
            remote.write(ByteBuffer.allocate(1), PATIENCE); // of a length
            untilLookedAtClock(8 + Math.min(4, 2 * i + 1));
        }
        assertThat(events.take())
                .isEqualTo(
                        new PeerEvent.Closed(
                                connection, "took 140 s for one message, allowed 120 s"));
    }
}
