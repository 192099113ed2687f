package dev.thistle.bench.box;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.box.FrameSink;
import dev.thistle.isp.box.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BareLoopTest {

    /// Two frames arrive, then none; what was sent is known once it was flushed.
    private static final class TwoFrames implements Frames {

        private final List<String> taken = new ArrayList<>();
        private final CountDownLatch flushed = new CountDownLatch(1);
        private boolean hasArrived;

        @Override
        public void receive(long timeoutNanos, FrameSink into) {
            if (!hasArrived) {
                hasArrived = true;
                into.accept(100, ByteBuffer.wrap(new byte[] {1}));
                into.accept(101, ByteBuffer.wrap(new byte[] {2}));
            } else {
                Thread.onSpinWait();
            }
        }

        @Override
        public void send(int port, ByteBuffer frame) {
            taken.add(frame.get(0) + " to " + port);
        }

        @Override
        public void flush() {
            flushed.countDown();
        }

        @Override
        public void close() {}
    }

    @Test
    void what_comes_from_one_port_leaves_by_the_other_and_is_counted() throws Exception {
        var frames = new TwoFrames();
        var failure = new CompletableFuture<Exception>();
        var loop = BareLoop.start(100, 101, frames, failure);
        assertThat(frames.flushed.await(10, TimeUnit.SECONDS)).isTrue();
        loop.close();

        assertThat(frames.taken).containsExactly("1 to 101", "2 to 100");
        assertThat(loop.carried().frames()).isEqualTo(2);
        assertThat(failure).isNotDone();
    }
}
