package dev.thistle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lines as proc(5) describes them: user, nice, system, idle, iowait, irq, softirq, steal, guest,
/// guest_nice.
class ProcessorLoadTest {

    @Test
    void the_first_line_counts_without_guests_who_are_users_already() throws IOException {
        assertThat(
                        ProcessorLoad.ticks(
                                List.of(
                                        "cpu  10132153 290696 3084719 46828483 16683 0 25195 9 175 7",
                                        "cpu0 1 1 1 1 1 1 1 1 1 1")))
                .containsExactly(10_132_153, 290_696, 3_084_719, 46_828_483, 16_683, 0, 25_195, 9);
    }

    @ParameterizedTest
    @CsvSource({
        "cpu 5 0 5 90 0 0 0 0,  0.1",
        "cpu 0 0 0 50 50 0 0 0, 0",
        "cpu 1 1 1 0 0 1 1 1,   1",
        "cpu 0 0 0 0 0 0 0 0,   0",
        "cpu 0 0 0 20 0 0 0 60, 0.75",
    })
    void whatever_is_not_idling_or_waiting_for_a_disk_is_busy(String now, double share)
            throws IOException {
        assertThat(ProcessorLoad.busyShare(new long[8], ProcessorLoad.ticks(List.of(now))))
                .isCloseTo(share, within(1e-9));
    }

    @Test
    void a_count_of_waiting_that_falls_does_not_make_more_than_all_busy() {
        long[] before = {0, 0, 0, 0, 9, 0, 0, 0};
        long[] now = {20, 0, 0, 0, 8, 0, 0, 0};
        assertThat(ProcessorLoad.busyShare(before, now)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cpu0 1 1 1 1 1 1 1 1", "cpu  1 2 3", "cpu  a b c d e f g h"})
    void what_is_no_line_of_ticks_is_refused(String line) {
        assertThatThrownBy(() -> ProcessorLoad.ticks(List.of(line)))
                .isInstanceOf(IOException.class)
                .hasMessage("/proc/stat: '%s', allowed a line of ticks".formatted(line));
    }

    @Test
    void this_machine_has_a_load() throws IOException {
        assertThat(new ProcessorLoad().busyShare()).isBetween(0.0, 1.0);
    }
}
