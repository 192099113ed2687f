package dev.thistle.bench.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thistle.bench.box.Turn.Losses;
import dev.thistle.bench.box.Turn.Window;
import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.detect.DetectorCatalog;
import dev.thistle.net.linux.Machine;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnTest {

    /// 2 s, 250 MB, 200 000 frames, 1 s of processor: all expected values follow by hand.
    private static final Window WINDOW =
            new Window(2_000_000_000L, 250_000_000, 200_000, 1_000_000_000);

    @Test
    void rates_are_of_wall_time_and_costs_of_processor_time() {
        assertThat(WINDOW.gigabitsPerSecond()).isCloseTo(1.0, within(1e-9));
        assertThat(WINDOW.gigabitsPerCpuSecond()).isCloseTo(2.0, within(1e-9));
        assertThat(WINDOW.framesPerSecond()).isCloseTo(100_000, within(1e-6));
        assertThat(WINDOW.cpuNanosPerFrame()).isCloseTo(5_000, within(1e-6));
    }

    @Test
    void a_row_hides_no_loss() {
        var turn = new Turn(Way.ALL_DETECTORS, WINDOW, new Losses(11, 22, 33, 44), 0.25);

        assertThat(turn.row())
                .isEqualTo(
                        "| box, all detectors | 1.00 | 100,000 | 1.00 / 2.00 | 5,000 | 2.00"
                                + " | 11, 22, 33 | 44 | 25 % |");
    }

    @Test
    void medians_are_of_one_way_alone_and_each_figure_by_itself() {
        List<Turn> turns =
                IntStream.of(3, 1, 2)
                        .boxed()
                        .flatMap(i ->
                                List.of(turn(Way.ALL_DETECTORS, i), turn(Way.BARE_LOOP, 9 * i))
                                        .stream())
                        .toList();

        Medians all = Medians.of(Way.ALL_DETECTORS, turns);
        assertThat(all.gigabitsPerSecond()).isCloseTo(2.0, within(1e-9));
        assertThat(all.framesPerSecond()).isCloseTo(100_000, within(1e-6));
        assertThat(all.row(Medians.of(Way.BARE_LOOP, turns)))
                .isEqualTo("| box, all detectors | 2.00 | 0.11 | 100,000 | 5,000 | 1.00 |");
    }

    private static Turn turn(Way way, int gigabits) {
        var window = new Window(2_000_000_000L, 250_000_000L * gigabits, 200_000, 1_000_000_000);
        return new Turn(way, window, new Losses(0, 0, 0, 0), 0);
    }

    @Test
    void all_detectors_are_those_of_the_catalogue() {
        assertThat(Way.detectors())
                .extracting(Detector::id)
                .containsExactlyElementsOf(DetectorCatalog.ids());
    }

    @Test
    void a_number_of_the_kernel_is_found_by_its_name() throws Exception {
        List<String> snmp =
                List.of("Ip: Forwarding", "Ip: 2", "Tcp: InSegs RetransSegs", "Tcp: 7 8");

        assertThat(TcpCounters.read(snmp, "RetransSegs")).isEqualTo(8);
        assertThatThrownBy(() -> TcpCounters.read(snmp, "OutRsts"))
                .isInstanceOf(IOException.class)
                .hasMessage("the kernel's TCP counters: no OutRsts in them");
    }

    @Test
    void a_wrong_argument_is_named_with_what_is_allowed() {
        assertThat(BoxThroughput.number("ROUNDS", new String[0], 0, 5, 100)).isEqualTo(5);
        assertThat(BoxThroughput.number("ROUNDS", new String[] {"100"}, 0, 5, 100)).isEqualTo(100);
        assertThatThrownBy(() -> BoxThroughput.number("ROUNDS", new String[] {"101"}, 0, 5, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ROUNDS '101', allowed 1..100");
    }

    @Test
    void root_of_a_user_namespace_is_told_to_be_root() {
        var inside = new Machine(new Machine.Namespaces.AllowedInside(), Set.of("ip"));
        var bare = new Machine(new Machine.Namespaces.Allowed(), Set.of());

        assertThat(BoxThroughput.missing(inside))
                .contains("no permission for network namespaces: run as root");
        assertThat(BoxThroughput.missing(bare))
                .contains("no program 'ip' (Debian: package iproute2)");
    }
}
