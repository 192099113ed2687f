package dev.thistle.lab.outcome;

import dev.thistle.lab.outcome.RoundOutcome.Sample;
import java.util.List;
import java.util.stream.Stream;

/// How far the axes of all charts of a report reach. They are shared, so that rounds can be
/// compared by eye.
///
/// @param seconds to the right
/// @param mbps upwards, at the left
/// @param connections upwards, at the right
record Axes(double seconds, double mbps, double connections) {

    /// Wide enough for every finite sample.
    static Axes of(List<RoundOutcome> rounds) {
        double seconds = 1;
        double mbps = 1;
        double connections = 4;
        List<Sample> samples =
                rounds.stream()
                        .flatMap(r -> Stream.concat(r.series().stream(), r.idleSeries().stream()))
                        .filter(Axes::isFinite)
                        .toList();
        for (Sample sample : samples) {
            seconds = Math.max(seconds, sample.seconds());
            mbps = Math.max(mbps, sample.bitsPerSecond() / 1e6);
            connections = Math.max(connections, sample.connections());
        }
        return new Axes(
                seconds,
                up(mbps, step(mbps, 4)),
                up(connections, Math.max(1, step(connections, 4))));
    }

    static boolean isFinite(Sample sample) {
        return Double.isFinite(sample.seconds())
                && sample.seconds() >= 0
                && Double.isFinite(sample.bitsPerSecond());
    }

    private static double up(double value, double step) {
        return Math.ceil(value / step) * step;
    }

    /// A distance between ticks that people count in: 1, 2 or 5 times a power of ten.
    ///
    /// @param ticks about how many are wanted
    static double step(double reach, int ticks) {
        double rough = reach / ticks;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digits = rough / power;
        return power * (digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : 10);
    }
}
