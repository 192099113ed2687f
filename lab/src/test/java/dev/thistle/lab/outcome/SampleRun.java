package dev.thistle.lab.outcome;

import dev.thistle.isp.policy.Action;
import dev.thistle.lab.outcome.RoundOutcome.Mark;
import dev.thistle.lab.outcome.RoundOutcome.Sample;
import dev.thistle.lab.scenario.BuiltInScenarios;
import dev.thistle.lab.scenario.Round;
import dev.thistle.lab.scenario.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/// A run of the built-in scenario as it might have been: nothing here was measured.
final class SampleRun {

    private static final double STEP = 0.25;

    private SampleRun() {}

    /// All rounds; `r1-drop-one` does not hold, and the processors were busy in `r1-mse`.
    static Summary summary() throws IOException {
        Scenario scenario = BuiltInScenarios.read("isp-vs-bittorrent");
        var random = new Random(7);
        return new Summary(
                scenario, scenario.rounds().stream().map(round -> outcome(round, random)).toList());
    }

    private static RoundOutcome outcome(Round round, RandomGenerator random) {
        boolean isSeen = !round.id().matches("r1-mse|r2-tpo|r3-fet-shaped");
        boolean slows = round.expected().goodputRatioMax().isPresent();
        boolean resets = isSeen && does(round, Action.Reset.class);
        boolean throttles = isSeen && does(round, Action.Throttle.class);
        boolean survives = round.id().contains("drop");
        double acts = isSeen ? 0.4 + 2 * random.nextDouble() : 99;
        List<Sample> idle = series(random, 99, 1, 20, 36);
        double floor = throttles ? 0.18 : round.id().equals("r1-drop-one") ? 0.7 : 0.06;
        List<Sample> active =
                series(random, slows ? acts : 99, floor, 20, resets && slows ? 9 : 36);
        double idleGoodput = mean(idle);
        return new RoundOutcome(
                        round,
                        13,
                        slows ? 0 : 12,
                        mean(active),
                        idleGoodput,
                        36,
                        isSeen ? 35 : 0,
                        3,
                        0,
                        0,
                        412,
                        isSeen ? 3 : 0,
                        resets ? 240 : 0,
                        resets && !survives ? 48 : 0,
                        throttles ? 31 : 0,
                        active,
                        idle,
                        marks(random, acts, isSeen, resets, throttles),
                        round.id().equals("r1-mse") ? 0.97 : 0.61,
                        round.id().equals("r1-mse"),
                        List.of())
                .judged();
    }

    private static boolean does(Round round, Class<? extends Action> kind) {
        return round.isp().policy().rules().stream()
                .anyMatch(rule -> kind.isInstance(rule.action()));
    }

    private static List<Sample> series(
            RandomGenerator random, double acts, double floor, double seconds, int connections) {
        var samples = new ArrayList<Sample>();
        for (double s = STEP; s <= seconds; s += STEP) {
            double rise = Math.min(1, s / 1.5);
            double share = s < acts ? 1 : floor + (1 - floor) * Math.exp(-2.5 * (s - acts));
            double noise = 1 + 0.13 * random.nextGaussian();
            int open = (int) Math.round(s < acts ? 36 * rise : connections);
            samples.add(new Sample(s, Math.max(0, 118e6 * rise * share * noise), open));
        }
        return samples;
    }

    private static double mean(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::bitsPerSecond).average().orElse(0);
    }

    private static List<Mark> marks(
            RandomGenerator random, double acts, boolean seen, boolean resets, boolean throttles) {
        var marks = new ArrayList<Mark>();
        for (int i = 0; seen && i < 35; i++) {
            double s = acts + 2 * Math.abs(random.nextGaussian());
            marks.add(new Mark(s, Mark.Kind.IDENTIFIED, "D-S1: a handshake"));
            if (throttles) {
                marks.add(new Mark(s + 0.02, Mark.Kind.THROTTLED, "2mbit"));
            }
            for (int again = 0; resets && again < 7; again++) {
                marks.add(
                        new Mark(
                                Math.min(19.9, s + 0.01 + again * 2.3 * random.nextDouble()),
                                Mark.Kind.RESET,
                                "both ends"));
            }
        }
        return marks;
    }
}
