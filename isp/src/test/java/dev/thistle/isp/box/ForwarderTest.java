package dev.thistle.isp.box;

import static dev.thistle.isp.box.BoxRig.ALICE;
import static dev.thistle.isp.box.BoxRig.ALICE_PORT;
import static dev.thistle.isp.box.BoxRig.OLGA;
import static dev.thistle.isp.box.BoxRig.OLGA_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.policy.Policy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ForwarderTest {

    private final BoxRig rig = new BoxRig(Policy.IDLE);
    private final MemoryFrames frames = new MemoryFrames();
    private final CompletableFuture<Exception> failure = new CompletableFuture<>();

    private record Frame(int port, ByteBuffer bytes) {}

    /// Links that are queues.
    private static final class MemoryFrames implements Frames {

        final BlockingQueue<Frame> in = new LinkedBlockingQueue<>();
        final BlockingQueue<Frame> out = new LinkedBlockingQueue<>();
        volatile boolean isBroken;
        volatile boolean isClosed;

        @Override
        public void receive(long timeoutNanos, FrameSink into) throws IOException {
            if (isBroken) {
                throw new IOException("veth7: gone");
            }
            try {
                Frame frame = in.poll(timeoutNanos, TimeUnit.NANOSECONDS);
                if (frame != null) {
                    into.accept(frame.port, frame.bytes);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void send(int port, ByteBuffer frame) {
            var copy = ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
            out.add(new Frame(port, copy));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private Forwarder start() {
        return Forwarder.start(rig.box, frames, System::nanoTime, failure::complete);
    }

    @Test
    void moves_frames_and_knows_what_they_cost() throws Exception {
        var forwarder = start();
        ByteBuffer frame = Segments.udp(ALICE, OLGA, 100);
        frames.in.add(new Frame(ALICE_PORT, frame));
        Frame moved = frames.out.take();
        forwarder.close();

        assertThat(moved.port()).isEqualTo(OLGA_PORT);
        assertThat(moved.bytes()).isEqualTo(frame);
        assertThat(forwarder.counters().frames()).isEqualTo(1);
        assertThat(forwarder.cpuNanos()).isPositive();
    }

    @Test
    void closing_ends_the_thread_the_flows_and_the_links() throws Exception {
        var forwarder = start();
        frames.in.add(new Frame(ALICE_PORT, Segments.udp(ALICE, OLGA, 100)));
        frames.out.take();
        long before = System.nanoTime();
        forwarder.close();

        assertThat(System.nanoTime() - before).isLessThan(1_000_000_000);
        assertThat(rig.flows).hasSize(1);
        assertThat(frames.isClosed).isTrue();
        assertThat(forwarder.isAlive()).isFalse();
        assertThat(failure).isNotDone();
    }

    @Test
    void broken_links_end_it_and_the_owner_hears_of_it() throws Exception {
        try (Forwarder _ = start()) {
            frames.isBroken = true;
            assertThat(failure.get()).hasMessage("veth7: gone");
        }
    }
}
