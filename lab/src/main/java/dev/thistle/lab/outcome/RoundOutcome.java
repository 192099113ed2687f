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
/// @param flows between peers of the swarm that crossed the box
/// @param identified of those, covered by a verdict
/// @param announces flows of the swarm to its tracker that crossed the box
/// @param announcesIdentified of those, covered by a verdict
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
/// @param failures expectations that were not met, in words; none if the round holds. Empty until
///   the round is [#judged]
public record RoundOutcome(
        Round round,
        int peers,
        int completed,
        double goodputBitsPerSecond,
        double idleGoodputBitsPerSecond,
        int flows,
        int identified,
        int announces,
        int announcesIdentified,
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
    /// @param seconds since the first leecher of the trial started
    public record Sample(double seconds, double bitsPerSecond, int connections) {}

    /// Something the ISP did.
    ///
    /// @param seconds since the first leecher of the trial started
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

    /// NaN where nothing could be compared.
    public double goodputRatio() {
        return idleGoodputBitsPerSecond > 0
                ? goodputBitsPerSecond / idleGoodputBitsPerSecond
                : Double.NaN;
    }

    /// Of the flows between peers; NaN if there were none.
    public double identifiedShare() {
        return flows > 0 ? (double) identified / flows : Double.NaN;
    }

    /// The same round with what it failed to show.
    public RoundOutcome judged() {
        return new RoundOutcome(
                round,
                peers,
                completed,
                goodputBitsPerSecond,
                idleGoodputBitsPerSecond,
                flows,
                identified,
                announces,
                announcesIdentified,
                falsePositives,
                benignFlows,
                customersIdentified,
                resetsInjected,
                connectionsKilled,
                throttledFlows,
                series,
                idleSeries,
                marks,
                cpuShare,
                limitedByCpu,
                Judge.failures(round.expected(), this));
    }

    public boolean holds() {
        return failures.isEmpty();
    }

    /// Whether nothing but goodput is otherwise than expected: of all numbers it is the one that
    /// differs from trial to trial, by who gets which piece first.
    public boolean missesGoodputAlone() {
        return !holds() && Judge.failures(round.expected().withoutGoodput(), this).isEmpty();
    }
}
