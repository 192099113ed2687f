package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.limits.RateLimit;
import dev.thistle.engine.limits.Toll;
import dev.thistle.net.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PacedReadingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final Duration DRIP = Duration.ofSeconds(19);

    private final ByteBuffer in = ByteBuffer.allocate(1000);
    private final CountDownLatch closing = new CountDownLatch(1);
    private long nowNanos = Long.MAX_VALUE - 5; // clocks may wrap
    private final long startNanos = nowNanos;

    private Duration passed() {
        return Duration.ofNanos(nowNanos - startNanos);
    }

    /// A byte comes every 19 s; nobody waits for it, time just passes.
    private final class Dripping implements Link {

        @Override
        public int read(ByteBuffer target, Duration patience) throws SocketTimeoutException {
            if (patience.compareTo(DRIP) < 0) {
                nowNanos += patience.toNanos();
                throw new SocketTimeoutException("nothing came");
            }
            nowNanos += DRIP.toNanos();
            target.put((byte) 0);
            return 1;
        }

        @Override
        public void write(ByteBuffer source, Duration patience) {
            throw new AssertionError("nobody writes");
        }

        @Override
        public InetSocketAddress remote() {
            return InetSocketAddress.createUnresolved("dripping", 1);
        }

        @Override
        public InetSocketAddress local() {
            return remote();
        }

        @Override
        public void close() {}
    }

    private PacedReading reading(Toll toll) {
        return new PacedReading(new Dripping(), toll, PATIENCE, () -> nowNanos, closing);
    }

    private void readForEver(PacedReading reading, boolean isInTheWay)
            throws IOException, InterruptedException {
        assertThat(reading.read(in, false, false)).isOne();
        nowNanos = startNanos; // the first byte is here
        while (in.hasRemaining()) {
            assertThat(reading.read(in, true, isInTheWay)).isOne();
        }
    }

    @Test
    void a_message_that_drips_ends_the_connection_soon_while_others_wait_for_memory() {
        assertThatThrownBy(() -> readForEver(reading(Toll.FREE), true))
                .isInstanceOf(IOException.class);
        assertThat(passed()).isEqualTo(PacedReading.HOLDING_PATIENCE);
    }

    @Test
    void a_message_that_drips_ends_the_connection_at_last_although_nobody_waits() {
        assertThatThrownBy(() -> readForEver(reading(Toll.FREE), false))
                .isInstanceOf(IOException.class);
        assertThat(passed()).isEqualTo(PacedReading.MESSAGE_PATIENCE);
    }

    @Test
    void a_message_that_took_long_already_has_to_end_when_memory_becomes_scarce() throws Exception {
        PacedReading reading = reading(Toll.FREE);
        for (int i = 0; i < 4; i++) {
            assertThat(reading.read(in, true, false)).isOne();
        }
        assertThatThrownBy(() -> reading.read(in, true, true))
                .isInstanceOf(IOException.class)
                .hasMessage("took 76 s for one message, allowed 20 s");
    }

    @Test
    void each_message_has_its_own_time_and_silence_between_them_is_no_part_of_it()
            throws Exception {
        PacedReading reading = reading(Toll.FREE);
        for (int i = 0; i < 300; i++) {
            assertThat(reading.read(in, false, true)).isOne();
            assertThat(reading.read(in, true, true)).isOne();
            reading.messageEnded();
        }
    }

    @Test
    void who_is_slow_because_of_our_own_limit_is_not_blamed_for_it() throws Exception {
        var limit = new RateLimit(1, () -> nowNanos);
        PacedReading reading = reading(new Toll(List.of(limit)));
        assertThat(reading.read(in, true, false)).isOne();
        closing.countDown(); // waits no more
        nowNanos += PacedReading.MESSAGE_PATIENCE.toNanos();
        assertThat(reading.read(in, true, false)).as("the time of the toll").isOne();
    }
}
