package dev.thistle.lab.scenario;

import dev.thistle.isp.policy.Action;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;

/// From a table `expect` to an [Expectation] that its ISP can meet at all.
final class ExpectationReader {

    private static final int MANY = 1_000_000;

    private final TomlTable table;
    private final IspPlan isp;

    ExpectationReader(TomlTable table, IspPlan isp) {
        this.table = table;
        this.isp = isp;
    }

    Expectation read() throws ScenarioException {
        table.only(
                "goodput-ratio-min",
                "goodput-ratio-max",
                "identified-share-min",
                "identified-share-max",
                "customers-identified-min",
                "customers-identified-max",
                "false-positives-max",
                "resets-injected-min",
                "resets-injected-max",
                "connections-killed-min",
                "connections-killed-max",
                "throttled-flows-min",
                "throttled-flows-max");
        var expectation =
                new Expectation(
                        table.optionalShare("goodput-ratio-min", 10),
                        table.optionalShare("goodput-ratio-max", 10),
                        table.optionalShare("identified-share-min", 1),
                        table.optionalShare("identified-share-max", 1),
                        count("customers-identified-min"),
                        count("customers-identified-max"),
                        count("false-positives-max"),
                        count("resets-injected-min"),
                        count("resets-injected-max"),
                        count("connections-killed-min"),
                        count("connections-killed-max"),
                        count("throttled-flows-min"),
                        count("throttled-flows-max"));
        inOrder("goodput-ratio", expectation.goodputRatioMin(), expectation.goodputRatioMax());
        inOrder(
                "identified-share",
                expectation.identifiedShareMin(),
                expectation.identifiedShareMax());
        inOrder(
                "customers-identified",
                expectation.customersIdentifiedMin(),
                expectation.customersIdentifiedMax());
        inOrder(
                "resets-injected",
                expectation.resetsInjectedMin(),
                expectation.resetsInjectedMax());
        inOrder(
                "connections-killed",
                expectation.connectionsKilledMin(),
                expectation.connectionsKilledMax());
        inOrder(
                "throttled-flows",
                expectation.throttledFlowsMin(),
                expectation.throttledFlowsMax());
        isPossible(expectation);
        return expectation;
    }

    private OptionalInt count(String key) throws ScenarioException {
        return table.optionalCount(key, MANY);
    }

    private void inOrder(String what, OptionalDouble min, OptionalDouble max)
            throws ScenarioException {
        if (min.isPresent() && max.isPresent() && min.getAsDouble() > max.getAsDouble()) {
            throw table.mistake(
                    what + "-min",
                    String.valueOf(min.getAsDouble()),
                    "at most the %s of %s-max".formatted(max.getAsDouble(), what));
        }
    }

    private void inOrder(String what, OptionalInt min, OptionalInt max) throws ScenarioException {
        if (min.isPresent() && max.isPresent() && min.getAsInt() > max.getAsInt()) {
            throw table.mistake(
                    what + "-min",
                    String.valueOf(min.getAsInt()),
                    "at most the %d of %s-max".formatted(max.getAsInt(), what));
        }
    }

    private void isPossible(Expectation expected) throws ScenarioException {
        boolean detects = !isp.detectors().isEmpty();
        boolean resets = does(Action.Reset.class::isInstance);
        boolean throttles = does(Action.Throttle.class::isInstance);
        if (!detects && expected.identifiedShareMin().orElse(0) > 0) {
            throw impossible("identified-share-min", "has no detectors");
        }
        if (!detects && expected.customersIdentifiedMin().orElse(0) > 0) {
            throw impossible("customers-identified-min", "has no detectors");
        }
        if (!resets && expected.resetsInjectedMin().orElse(0) > 0) {
            throw impossible("resets-injected-min", "never resets");
        }
        if (!resets && expected.connectionsKilledMin().orElse(0) > 0) {
            throw impossible("connections-killed-min", "never resets");
        }
        if (!throttles && expected.throttledFlowsMin().orElse(0) > 0) {
            throw impossible("throttled-flows-min", "never throttles");
        }
    }

    private boolean does(Predicate<Action> kind) {
        return isp.policy().rules().stream().anyMatch(rule -> kind.test(rule.action()));
    }

    private ScenarioException impossible(String key, String why) {
        return table.mistake(key, "more than 0", "0 against an ISP that " + why);
    }
}
