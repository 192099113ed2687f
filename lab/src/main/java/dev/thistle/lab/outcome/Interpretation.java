package dev.thistle.lab.outcome;

import dev.thistle.lab.outcome.RoundOutcome.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the numbers of a round say, in one sentence.
final class Interpretation {

    private Interpretation() {}

    static String of(RoundOutcome outcome) {
        var parts = new ArrayList<String>();
        parts.add(identified(outcome));
        parts.addAll(acted(outcome));
        parts.add(goodput(outcome));
        return String.join("; ", parts) + ".";
    }

    private static String identified(RoundOutcome outcome) {
        if (outcome.identified() == 0) {
            return "None of the %d flows between peers was identified".formatted(outcome.flows());
        }
        String when =
                outcome.marks().stream()
                        .filter(mark -> mark.kind() == Mark.Kind.IDENTIFIED)
                        .mapToDouble(Mark::seconds)
                        .min()
                        .stream()
                        .mapToObj(Interpretation::first)
                        .findFirst()
                        .orElse("");
        return "%d of %d flows between peers were identified%s"
                .formatted(outcome.identified(), outcome.flows(), when);
    }

    private static String first(double seconds) {
        return seconds < 0
                ? ", the first of them before any leecher started"
                : String.format(Locale.ROOT, ", first after %.1f s", seconds);
    }

    private static List<String> acted(RoundOutcome outcome) {
        var parts = new ArrayList<String>();
        if (outcome.resetsInjected() > 0) {
            parts.add(
                    (outcome.connectionsKilled() == 0
                                    ? "%d resets were forged, and no connection took them at both ends"
                                    : "%d forged resets killed %d connections")
                            .formatted(outcome.resetsInjected(), outcome.connectionsKilled()));
        }
        if (outcome.throttledFlows() > 0) {
            parts.add("%d flows were throttled".formatted(outcome.throttledFlows()));
        }
        return parts;
    }

    private static String goodput(RoundOutcome outcome) {
        double ratio = outcome.goodputRatio();
        return Double.isFinite(ratio)
                ? String.format(
                        Locale.ROOT, "goodput was %.0f %% of that with the ISP idle", 100 * ratio)
                : "goodput could not be compared, as the idle run had none";
    }
}
