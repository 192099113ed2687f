package dev.thistle.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WireTest {

    private static final Line FREE = new Line(Conditions.UNLIMITED);

    private static Wire wire(Conditions conditions, Line down) {
        return new Wire(conditions, FREE, down, new SplittableRandom(1));
    }

    @Test
    void bytes_on_a_long_way_do_not_reserve_the_line_of_those_that_have_arrived()
            throws InterruptedException {
        var down = new Line(1_000_000);
        Wire far = wire(Conditions.IDEAL.withLatency(Conditions.MAX_LATENCY), down);
        Wire near = wire(Conditions.IDEAL, down);
        long soon = Deadline.after(Duration.ofSeconds(30));

        far.write(ByteBuffer.allocate(1_000), soon);
        near.write(ByteBuffer.allocate(1_000), soon);

        assertThat(near.read(ByteBuffer.allocate(2_000), soon)).isEqualTo(1_000);
    }

    @Test
    void reading_does_not_wait_when_patience_is_over() throws InterruptedException {
        Wire wire = wire(Conditions.IDEAL, FREE);

        assertThat(wire.read(ByteBuffer.allocate(8), Deadline.now())).isEqualTo(Wire.TIMED_OUT);
        wire.write(ByteBuffer.allocate(3), Deadline.now());
        assertThat(wire.read(ByteBuffer.allocate(8), Deadline.now())).isEqualTo(3);
    }

    @Test
    void what_is_written_when_the_news_of_a_hang_up_is_still_on_its_way_is_lost()
            throws InterruptedException {
        Wire wire = wire(Conditions.IDEAL, FREE);
        wire.endReader(Conditions.IDEAL.withLatency(Conditions.MAX_LATENCY));

        assertThat(wire.write(ByteBuffer.allocate(1 << 20), Deadline.now()))
                .as("more than the buffer holds")
                .isEqualTo(Wire.Outcome.DONE);
        wire.endReader(Conditions.IDEAL);
        assertThat(wire.write(ByteBuffer.allocate(1), Deadline.now()))
                .isEqualTo(Wire.Outcome.REFUSED);
    }
}
