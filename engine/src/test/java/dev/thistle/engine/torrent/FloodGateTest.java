package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FloodGateTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void so_much_passes_at_once_and_so_much_more_with_time() {
        var gate = new FloodGate(10, 10.0 / 60, 0);
        for (int i = 0; i < 10; i++) {
            assertThat(gate.pass(0)).isTrue();
        }
        assertThat(gate.pass(0)).isFalse();
        assertThat(gate.pass(5 * SECOND)).isFalse();
        assertThat(gate.pass(7 * SECOND)).isTrue();
        assertThat(gate.pass(7 * SECOND)).isFalse();
        for (int i = 0; i < 10; i++) {
            assertThat(gate.pass(1_000 * SECOND)).isTrue();
        }
        assertThat(gate.pass(1_000 * SECOND)).as("a pause saves no more than the most").isFalse();
    }

    @Test
    void what_is_heavy_counts_for_more_and_passes_when_nothing_else_did_for_long() {
        var gate = new FloodGate(10, 1, 0);
        assertThat(gate.pass(7, 0)).isTrue();
        assertThat(gate.pass(7, 0)).isFalse();
        assertThat(gate.pass(3, 0)).isTrue();
        assertThat(gate.pass(30, 9 * SECOND)).isFalse();
        assertThat(gate.pass(30, 10 * SECOND)).isTrue();
        assertThat(gate.pass(30 * SECOND)).as("that has to be made up for").isFalse();
        assertThat(gate.pass(31 * SECOND)).isTrue();
    }
}
