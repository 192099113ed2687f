package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HaltTest {

    private static final long NOW = -5;

    private final Halt halt = new Halt();

    @Test
    void it_ends_by_itself_after_thirty_seconds_and_once() {
        halt.begin("no space left", NOW);
        assertThat(halt.endsAt(NOW + 29_999_999_999L)).isFalse();
        assertThat(halt.reason()).contains("no space left");

        assertThat(halt.endsAt(NOW + 30_000_000_000L)).isTrue();
        assertThat(halt.isOn()).isFalse();
        assertThat(halt.reason()).isEmpty();
        assertThat(halt.endsAt(NOW + 30_000_000_001L)).as("it has ended").isFalse();
    }

    @Test
    void who_has_made_room_need_not_wait() {
        halt.begin("no space left", NOW);
        halt.retry(NOW + 1);
        assertThat(halt.endsAt(NOW + 1)).isTrue();
    }

    @Test
    void each_further_time_takes_as_long() {
        halt.begin("no space left", NOW);
        assertThat(halt.endsAt(NOW + 30_000_000_000L)).isTrue();
        halt.begin("still none", NOW + 30_000_000_001L);
        assertThat(halt.endsAt(NOW + 60_000_000_000L)).isFalse();
        assertThat(halt.endsAt(NOW + 60_000_000_001L)).isTrue();
    }
}
