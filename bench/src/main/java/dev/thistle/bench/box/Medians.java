package dev.thistle.bench.box;

import dev.thistle.bench.box.Turn.Window;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What remains of several turns by one way: the median of each figure by itself.
record Medians(Way way, double gigabitsPerSecond, double framesPerSecond, double cpuNanosPerFrame) {

    static final String HEADING =
            """
            | way, medians | Gbit/s | to bare | frames/s | ns CPU/frame | to bare |
            | --- | --- | --- | --- | --- | --- |\
            """;

    /// @param turns of all ways
    static Medians of(Way way, List<Turn> turns) {
        List<Window> windows =
                turns.stream().filter(turn -> turn.way() == way).map(Turn::window).toList();
        return new Medians(
                way,
                median(windows, Window::gigabitsPerSecond),
                median(windows, Window::framesPerSecond),
                median(windows, Window::cpuNanosPerFrame));
    }

    /// The mean of the two in the middle if there are two.
    private static double median(List<Window> windows, ToDoubleFunction<Window> figure) {
        double[] sorted = windows.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// A line of the table under [#HEADING].
    String row(Medians bare) {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %,.0f | %,.0f | %.2f |",
                way.title(),
                gigabitsPerSecond,
                gigabitsPerSecond / bare.gigabitsPerSecond,
                framesPerSecond,
                cpuNanosPerFrame,
                cpuNanosPerFrame / bare.cpuNanosPerFrame);
    }
}
