package dev.thistle.lab.outcome;

import dev.thistle.lab.scenario.PlanWords;
import java.util.Locale;

/// Rounds as lines of a terminal, one as soon as it is over. No line is longer than 100 columns.
public final class RoundTable {

    private static final String FORM = "%-17s %-20s %-19s %7s %5s %10s %6s  %s";

    private RoundTable() {}

    public static String header() {
        return FORM.formatted(
                "round", "client", "isp", "Mbit/s", "ratio", "identified", "killed", "verdict");
    }

    public static String line(RoundOutcome outcome) {
        return FORM.formatted(
                cut(outcome.round().id(), 17),
                cut(PlanWords.brief(outcome.round().client()), 20),
                cut(PlanWords.brief(outcome.round().isp()), 19),
                number("%.1f", outcome.goodputBitsPerSecond() / 1e6),
                number("%.2f", outcome.goodputRatio()),
                "%d/%d".formatted(outcome.identified(), outcome.flows()),
                outcome.connectionsKilled(),
                outcome.holds() ? "holds" : "FAILS");
    }

    private static String number(String form, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, form, value) : "-";
    }

    private static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, columns - 1) + "~";
    }
}
