package dev.thistle.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void takes_the_time_its_rate_says() {
        assertThat(new Line(1_000).carry(5 * SECOND, 500)).isEqualTo(5 * SECOND + SECOND / 2);
    }

    @Test
    void carries_one_batch_after_the_other() {
        var line = new Line(1_000);

        assertThat(line.carry(0, 1_000)).isEqualTo(SECOND);
        assertThat(line.carry(0, 1_000)).isEqualTo(2 * SECOND);
        assertThat(line.carry(10 * SECOND, 1_000)).as("after a pause").isEqualTo(11 * SECOND);
    }

    @Test
    void rounds_against_the_sender() {
        assertThat(new Line(3 * SECOND).carry(0, 1)).isEqualTo(1);
    }

    @Test
    void without_a_limit_takes_no_time() {
        assertThat(new Line(Conditions.UNLIMITED).carry(7, 1 << 30)).isEqualTo(7);
    }

    @Test
    void a_new_rate_holds_for_what_comes_next() {
        var line = new Line(1_000);
        line.carry(0, 1_000);
        line.bytesPerSecond(2_000);

        assertThat(line.carry(0, 1_000)).isEqualTo(SECOND + SECOND / 2);
    }
}
