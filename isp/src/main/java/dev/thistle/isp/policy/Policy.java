package dev.thistle.isp.policy;

import java.util.List;
import java.util.Optional;

/// Which verdicts lead to which actions. The first rule that names the detector counts.
public record Policy(List<Rule> rules) {

    /// An ISP that looks on.
    public static final Policy IDLE = new Policy(List.of());

    /// What follows from the verdicts of one detector.
    ///
    /// @param detector identifier, such as `D-S1`; a name without its dialect covers all of them
    public record Rule(String detector, Action action) {

        boolean covers(String other) {
            return other.equals(detector) || other.startsWith(detector + ":");
        }
    }

    public Policy {
        rules = List.copyOf(rules);
    }

    /// What to do about a verdict of this detector.
    public Optional<Action> action(String detector) {
        return rules.stream().filter(rule -> rule.covers(detector)).map(Rule::action).findFirst();
    }
}
