package dev.thistle.lab.outcome;

import dev.thistle.lab.outcome.RoundOutcome.Mark;
import dev.thistle.lab.outcome.RoundOutcome.Sample;
import dev.thistle.lab.scenario.BuiltInScenarios;
import dev.thistle.lab.scenario.Round;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// Outcomes for tests, of which one thing matters.
final class Outcomes {

    private Outcomes() {}

    static RoundOutcome goodput(double found, double idle) {
        return outcome(round(), found, idle, 30, 3, 0, 0, 0, 0, 0);
    }

    static RoundOutcome identified(int identified, int flows) {
        return outcome(round(), 1e6, 1e6, flows, identified, 0, 0, 0, 0, 0);
    }

    static RoundOutcome counts(
            int customers, int falsePositives, int resets, int killed, int throttled) {
        return outcome(
                round(), 1e6, 1e6, 30, 3, customers, falsePositives, resets, killed, throttled);
    }

    /// A round that says what is given wherever people see it.
    static RoundOutcome saying(String text) {
        Round round = round();
        RoundOutcome plain = goodput(Double.NaN, 0);
        return new RoundOutcome(
                new Round(text, text, round.client(), round.isp(), round.expected()),
                plain.peers(),
                plain.completed(),
                plain.goodputBitsPerSecond(),
                plain.idleGoodputBitsPerSecond(),
                plain.flows(),
                plain.identified(),
                plain.announces(),
                plain.announcesIdentified(),
                plain.falsePositives(),
                plain.benignFlows(),
                plain.customersIdentified(),
                plain.resetsInjected(),
                plain.connectionsKilled(),
                plain.throttledFlows(),
                List.of(new Sample(Double.NaN, 1, 1), new Sample(1, Double.POSITIVE_INFINITY, 1)),
                List.of(),
                List.of(new Mark(0.5, Mark.Kind.RESET, text), new Mark(-1, Mark.Kind.RESET, text)),
                plain.cpuShare(),
                true,
                List.of(text));
    }

    private static Round round() {
        try {
            return BuiltInScenarios.read("isp-vs-bittorrent").rounds().getFirst();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static RoundOutcome outcome(
            Round round,
            double goodput,
            double idle,
            int flows,
            int identified,
            int customers,
            int falsePositives,
            int resets,
            int killed,
            int throttled) {
        return new RoundOutcome(
                round,
                13,
                12,
                goodput,
                idle,
                flows,
                identified,
                3,
                0,
                falsePositives,
                100,
                customers,
                resets,
                killed,
                throttled,
                List.of(),
                List.of(),
                List.of(),
                0.5,
                false,
                List.of());
    }
}
