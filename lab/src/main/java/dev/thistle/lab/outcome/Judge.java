package dev.thistle.lab.outcome;

import dev.thistle.lab.scenario.Expectation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Compares what came out of a round with what it was to prove. A number that could not be measured
/// never meets an expectation.
final class Judge {

    private final List<String> failures = new ArrayList<>();

    private Judge() {}

    /// What was expected and found, a line each; none if the round holds.
    static List<String> failures(Expectation expected, RoundOutcome found) {
        var judge = new Judge();
        judge.share(
                "goodput ratio",
                expected.goodputRatioMin(),
                expected.goodputRatioMax(),
                found.goodputRatio());
        judge.share(
                "share of peer flows identified",
                expected.identifiedShareMin(),
                expected.identifiedShareMax(),
                found.identifiedShare());
        judge.count(
                "customers identified",
                expected.customersIdentifiedMin(),
                expected.customersIdentifiedMax(),
                found.customersIdentified());
        judge.count(
                "false positives",
                OptionalInt.empty(),
                expected.falsePositivesMax(),
                found.falsePositives());
        judge.count(
                "resets injected",
                expected.resetsInjectedMin(),
                expected.resetsInjectedMax(),
                found.resetsInjected());
        judge.count(
                "connections killed",
                expected.connectionsKilledMin(),
                expected.connectionsKilledMax(),
                found.connectionsKilled());
        judge.count(
                "flows throttled",
                expected.throttledFlowsMin(),
                expected.throttledFlowsMax(),
                found.throttledFlows());
        return List.copyOf(judge.failures);
    }

    private void share(String what, OptionalDouble min, OptionalDouble max, double found) {
        if (min.isPresent() && !(found >= min.getAsDouble())) {
            failed(what, "at least", number(min.getAsDouble()), number(found));
        }
        if (max.isPresent() && !(found <= max.getAsDouble())) {
            failed(what, "at most", number(max.getAsDouble()), number(found));
        }
    }

    private void count(String what, OptionalInt min, OptionalInt max, int found) {
        if (min.isPresent() && found < min.getAsInt()) {
            failed(what, "at least", String.valueOf(min.getAsInt()), String.valueOf(found));
        }
        if (max.isPresent() && found > max.getAsInt()) {
            failed(what, "at most", String.valueOf(max.getAsInt()), String.valueOf(found));
        }
    }

    private void failed(String what, String bound, String expected, String found) {
        failures.add("%s: expected %s %s, found %s".formatted(what, bound, expected, found));
    }

    /// Enough digits that what is found never looks like the bound it missed.
    private static String number(double value) {
        return Double.isNaN(value)
                ? "nothing to compare with"
                : String.format(Locale.ROOT, "%.4f", value).replaceFirst("\\.?0+$", "");
    }
}
