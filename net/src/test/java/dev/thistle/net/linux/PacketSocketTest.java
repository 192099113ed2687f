package dev.thistle.net.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.net.ClosedException;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.TcpNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PacketSocketTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final int MTU = 1500;

    @BeforeAll
    static void needs_namespaces() {
        Lab.require();
    }

    @Test
    void a_forwarder_carries_a_transfer_in_true_segments_and_both_ends_have_the_same_bytes()
            throws Exception {
        byte[] sent = new byte[8 << 20];
        new Random(1).nextBytes(sent);
        try (var star = new Star(MTU);
                var lefts = new TcpNetwork(star.left);
                var rights = new TcpNetwork(star.right);
                Listener listener = rights.listen(new InetSocketAddress(Star.RIGHT, 6881));
                Link link = lefts.connect(listener.address(), LONG);
                Link accepted = listener.accept()) {
            var writing =
                    new FutureTask<>(() -> {
                        link.write(ByteBuffer.wrap(sent), LONG);
                        return true;
                    });
            Thread.startVirtualThread(writing);
            ByteBuffer heard = ByteBuffer.allocate(sent.length);
            while (heard.hasRemaining()) {
                assertThat(accepted.read(heard, LONG)).isPositive();
            }
            PacketSocket.Counts counts = star.socket.counts();

            assertThat(writing.get()).isTrue();
            assertThat(heard.array()).isEqualTo(sent);
            assertThat(star.finish()).isEmpty();
            assertThat(star.largest()).isEqualTo(MTU + 14);
            assertThat(counts.sent()).isGreaterThan(sent.length / 1448);
            assertThat(counts.refused()).isZero();
        }
    }

    @Test
    void frames_are_counted_and_name_their_interface() throws Exception {
        try (var box = Namespace.create("box");
                var host = Namespace.create("host");
                var socket = PacketSocket.open(box);
                DatagramChannel channel = host.call(DatagramChannel::open)) {
            VethPair.lay(List.of(cable(box, host)));
            for (int i = 0; i < 100; i++) {
                channel.send(ByteBuffer.allocate(100), new InetSocketAddress("10.128.0.9", 9));
            }
            var batch = new FrameBatch(2048);

            assertThat(socket.receive(batch, 1_000_000_000)).isEqualTo(FrameBatch.CAPACITY);
            assertThat(batch.interfaceIndex(63)).isEqualTo(101);
            assertThat(batch.frame(63).remaining()).isEqualTo(14 + 20 + 8 + 100);
            assertThat(socket.receive(batch, 1_000_000_000)).isEqualTo(36);
            assertThat(socket.receive(batch, 0)).isZero();
            assertThat(batch.size()).isZero();
            assertThat(socket.counts()).isEqualTo(new PacketSocket.Counts(100, 0, 0, 0));
        }
    }

    @Test
    void what_the_buffer_cannot_hold_is_counted_as_missed() throws Exception {
        try (var box = Namespace.create("box");
                var host = Namespace.create("host");
                var socket = PacketSocket.open(box);
                DatagramChannel channel = host.call(DatagramChannel::open)) {
            VethPair.lay(List.of(cable(box, host)));
            int frames = 30_000;
            for (int i = 0; i < frames; i++) {
                channel.send(ByteBuffer.allocate(1000), new InetSocketAddress("10.128.0.9", 9));
            }
            var batch = new FrameBatch(2048);
            while (socket.receive(batch, 50_000_000) > 0) {
                batch.clear();
            }
            PacketSocket.Counts counts = socket.counts();

            assertThat(counts.missed()).isPositive();
            assertThat(counts.received() + counts.missed()).isEqualTo(frames);
            assertThat(socket.counts()).isEqualTo(counts);
        }
    }

    @Test
    void a_frame_for_an_interface_that_is_gone_is_refused_and_the_rest_is_sent() throws Exception {
        try (var box = Namespace.create("box");
                var host = Namespace.create("host");
                var ears = PacketSocket.open(host);
                var socket = PacketSocket.open(box)) {
            VethPair.lay(List.of(cable(box, host)));
            var batch = new FrameBatch(2048);
            for (int index : new int[] {101, 999, 101}) {
                batch.add(index, ByteBuffer.allocate(60).putShort(12, (short) 0x0800));
            }

            assertThat(socket.send(batch)).isEqualTo(2);
            assertThat(socket.counts().refused()).isEqualTo(1);
            assertThat(ears.receive(batch, 1_000_000_000)).isEqualTo(2);
        }
    }

    @Test
    void a_frame_that_is_too_long_is_an_error_that_names_it() throws Exception {
        try (var box = Namespace.create("box");
                var host = Namespace.create("host");
                var socket = PacketSocket.open(box)) {
            VethPair.lay(List.of(cable(box, host)));
            var batch = new FrameBatch(9000);
            batch.add(101, ByteBuffer.allocate(4000).putShort(12, (short) 0x0800));

            assertThatThrownBy(() -> socket.send(batch))
                    .isInstanceOf(IOException.class)
                    .hasMessage("sending a frame of 4000 bytes to interface 101: Message too long");
        }
    }

    @Test
    void closing_wakes_a_receiver() throws Exception {
        try (var box = Namespace.create("box")) {
            var socket = PacketSocket.open(box);
            var batch = new FrameBatch(2048);
            var receiving = new FutureTask<>(() -> socket.receive(batch, 20_000_000_000L));
            Thread receiver = Thread.ofPlatform().name("receiver").start(receiving);
            Lab.awaitSleep("receiver");
            long start = System.nanoTime();
            socket.close();
            receiver.join();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
            assertThat(receiving.exceptionNow())
                    .isInstanceOf(ClosedException.class)
                    .hasMessage("packet socket: closed by this end");
        }
    }

    private static VethPair cable(Namespace box, Namespace host) {
        return new VethPair(
                VethEnd.box(box, 101), VethEnd.host(host, Lab.address("10.64.0.1")), MTU);
    }
}
