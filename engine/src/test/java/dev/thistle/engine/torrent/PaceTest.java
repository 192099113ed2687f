package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long START = Long.MAX_VALUE - 5; // clocks may wrap
    private static final long BEAT = Pulse.BEAT_NANOS;

    private final Pace pace = new Pace(START);

    private void assertNextLookAfter(long nanos, long from) {
        assertThat(pace.isDue(from + nanos - 1)).isFalse();
        assertThat(pace.isDue(from + nanos)).isTrue();
        assertThat(pace.nanosLeft(from)).isEqualTo(nanos);
    }

    @Test
    void the_first_look_is_due_at_once() {
        assertThat(pace.isDue(START)).isTrue();
        assertThat(pace.isDue(START - 1)).isFalse();
    }

    @Test
    void what_lacks_pieces_or_calls_is_looked_at_at_every_beat() {
        pace.looked(true, 0, 0, START);
        assertNextLookAfter(BEAT, START);
    }

    @Test
    void what_moves_bytes_is_looked_at_at_every_beat() {
        pace.looked(false, 1, 16384, START);
        assertNextLookAfter(BEAT, START);
        pace.looked(false, 1, 16384, START);
        assertNextLookAfter(Pace.RESTING_NANOS, START);
    }

    @Test
    void what_is_complete_and_alone_is_seldom_looked_at() {
        pace.looked(false, 0, 0, START);
        assertNextLookAfter(Pace.ASLEEP_NANOS, START);
    }

    @Test
    void whatever_happens_brings_the_next_look_near_but_never_puts_it_off() {
        pace.looked(false, 0, 0, START);
        assertThat(pace.hurry(START + TimeUnit.SECONDS.toNanos(1))).isTrue();
        assertNextLookAfter(BEAT, START + TimeUnit.SECONDS.toNanos(1));
        assertThat(pace.hurry(START + TimeUnit.SECONDS.toNanos(1) + BEAT / 2)).isFalse();
        assertNextLookAfter(BEAT, START + TimeUnit.SECONDS.toNanos(1));
    }
}
