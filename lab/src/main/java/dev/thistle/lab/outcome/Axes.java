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

    private static final double HALF_SECOND = 0.5;

    /// Wide enough for every finite sample.
    static Axes of(List<RoundOutcome> rounds) {
        double seconds = 1;
        double mbps = 1;
        double connections = 4;
        List<Sample> samples =
                rounds.stream()
                        .flatMap(r -> Stream.of(r.series(), r.idleSeries()))
                        .flatMap(series -> smooth(series).stream())
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

    /// Finite samples, with each goodput the mean over the second around it: pieces are verified
    /// one at a time, and what is left of them within a fifth of a second is noise to the eye.
    static List<Sample> smooth(List<Sample> series) {
        List<Sample> finite = series.stream().filter(Axes::isFinite).toList();
        return finite.stream()
                .map(sample ->
                        new Sample(
                                sample.seconds(),
                                meanAround(sample.seconds(), finite),
                                sample.connections()))
                .toList();
    }

    private static double meanAround(double seconds, List<Sample> finite) {
        return finite.stream()
                .filter(other -> Math.abs(other.seconds() - seconds) <= HALF_SECOND)
                .mapToDouble(Sample::bitsPerSecond)
                .average()
                .orElse(0);
    }

    private static boolean isFinite(Sample sample) {
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
