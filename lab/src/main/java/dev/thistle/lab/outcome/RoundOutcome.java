package dev.thistle.lab.outcome;

import dev.thistle.lab.scenario.Round;
import java.util.List;

/// One round, measured.
///
/// @param peers in the swarm
/// @param completed leechers that had everything at the end
/// @param goodputBitsPerSecond payload that leechers verified, over all of them, while they wanted
///   some
/// @param idleGoodputBitsPerSecond the same of the same client with the ISP idle
/// @param flows of the swarm that crossed the box, its announces included
/// @param identified of those, covered by a verdict
/// @param falsePositives other flows covered by a verdict
/// @param benignFlows all other flows
/// @param customersIdentified of the customers in the swarm, touched by a verdict
/// @param resetsInjected forged packets
/// @param connectionsKilled connections that both ends saw reset although neither had sent one
/// @param throttledFlows put into a bucket
/// @param series goodput over time
/// @param marks what the ISP did, and when
/// @param cpuShare of all processors, during the run, 0 to 1
/// @param limitedByCpu whether the processors, and not the ISP, may have set the pace
/// @param failures expectations that were not met, in words; none if the round holds
public record RoundOutcome(
        Round round,
        int peers,
        int completed,
        double goodputBitsPerSecond,
        double idleGoodputBitsPerSecond,
        int flows,
        int identified,
        int falsePositives,
        int benignFlows,
        int customersIdentified,
        int resetsInjected,
        int connectionsKilled,
        int throttledFlows,
        List<Sample> series,
        List<Sample> idleSeries,
        List<Mark> marks,
        double cpuShare,
        boolean limitedByCpu,
        List<String> failures) {

    /// How much leechers verified in the interval that ends here.
    ///
    /// @param seconds since the start of the run
    public record Sample(double seconds, double bitsPerSecond, int connections) {}

    /// Something the ISP did.
    ///
    /// @param seconds since the start of the run
    /// @param what one line for people
    public record Mark(double seconds, Kind kind, String what) {

        public enum Kind {
            IDENTIFIED,
            RESET,
            THROTTLED
        }
    }

    public RoundOutcome {
        series = List.copyOf(series);
        idleSeries = List.copyOf(idleSeries);
        marks = List.copyOf(marks);
        failures = List.copyOf(failures);
    }

    /// 1 where nothing could be compared.
    public double goodputRatio() {
        return idleGoodputBitsPerSecond <= 0 ? 1 : goodputBitsPerSecond / idleGoodputBitsPerSecond;
    }

    public boolean holds() {
        return failures.isEmpty();
    }
}
