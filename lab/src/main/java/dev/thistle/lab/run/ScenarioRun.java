package dev.thistle.lab.run;

import dev.thistle.isp.box.Tap;
import dev.thistle.lab.outcome.RoundOutcome;
import dev.thistle.lab.outcome.RunFolder;
import dev.thistle.lab.scenario.ClientPlan;
import dev.thistle.lab.scenario.IspPlan;
import dev.thistle.lab.scenario.Round;
import dev.thistle.lab.scenario.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Plays the rounds of a scenario one after the other and writes down each when it is over. Used by
/// one thread; an interrupt ends it, and everything that it has made ends with it.
public final class ScenarioRun {

    /// How often a round is measured again when the machine was too busy to tell.
    private static final int MAX_REPEATS = 2;

    /// How often a round that missed its goodput alone has to hold afterwards.
    private static final int SECOND_LOOKS = 2;

    private final Scenario scenario;
    private final RunFolder folder;
    private final Listener listener;
    private final Stage stage;
    private final Map<ClientPlan, TrialRecord> idle = new HashMap<>();

    /// Hears how the run gets on.
    public interface Listener {

        /// A part of a round starts.
        ///
        /// @param part of the round: `idle`, which is left out where an earlier round had the same
        ///   client, or `active`
        void begins(Round round, String part);

        /// A round did not hold while other programs kept the processors busy: its measurement is
        /// thrown away, and both its trials are played again.
        void discarded(RoundOutcome outcome);

        /// A round missed nothing but its goodput, which varies by a tenth from trial to trial:
        /// both its trials are played twice more, and it has to hold both times.
        void doubted(RoundOutcome outcome);

        /// A round is over and was judged.
        void ended(RoundOutcome outcome);
    }

    /// Where trials are played.
    @FunctionalInterface
    interface Stage {

        /// Plays one.
        ///
        /// @param tap sees every frame
        /// @throws IOException if the machine fails it
        TrialRecord play(Scenario scenario, ClientPlan client, IspPlan isp, Tap tap)
                throws IOException, InterruptedException;
    }

    /// Begins nothing yet.
    ///
    /// @param folder where lines and captures go
    public ScenarioRun(Scenario scenario, RunFolder folder, Listener listener) {
        this(
                scenario,
                folder,
                listener,
                (story, client, isp, tap) -> new Trial(story, client, isp, tap).run());
    }

    ScenarioRun(Scenario scenario, RunFolder folder, Listener listener, Stage stage) {
        this.scenario = scenario;
        this.folder = folder;
        this.listener = listener;
        this.stage = stage;
    }

    /// Plays all rounds.
    ///
    /// @return their outcomes, in order
    /// @throws IOException if the machine fails a trial or a file, naming the round
    public List<RoundOutcome> play() throws IOException, InterruptedException {
        warmUp();
        var outcomes = new ArrayList<RoundOutcome>();
        for (Round round : scenario.rounds()) {
            try {
                outcomes.add(play(round));
            } catch (IOException e) {
                throw new IOException("%s: %s".formatted(round.id(), e.getMessage()), e);
            }
            listener.ended(outcomes.getLast());
        }
        return outcomes;
    }

    /// A small trial whose numbers nobody sees: the first in a JVM is slower than all others.
    private void warmUp() throws IOException, InterruptedException {
        if (!scenario.rounds().isEmpty()) {
            ClientPlan client = scenario.rounds().getFirst().client();
            stage.play(scenario.brief(), client, IspPlan.IDLE, Tap.NONE);
        }
    }

    private RoundOutcome play(Round round) throws IOException, InterruptedException {
        Measured measured = measureInQuiet(round);
        if (measured.outcome.missesGoodputAlone()) {
            listener.doubted(measured.outcome);
            for (int i = 0; i < SECOND_LOOKS && (i == 0 || measured.outcome.holds()); i++) {
                idle.remove(round.client());
                measured = measureInQuiet(round);
            }
        }
        new RoundLines(folder, round.id(), measured.active).write();
        return measured.outcome;
    }

    /// What the ISP does shows only where the machine leaves room: a measurement that failed above
    /// the bound of load is no measurement.
    private Measured measureInQuiet(Round round) throws IOException, InterruptedException {
        Measured measured = measure(round);
        for (int i = 0; i < MAX_REPEATS && measured.isLimitedByCpu(); i++) {
            listener.discarded(measured.outcome);
            idle.remove(round.client());
            measured = measure(round);
        }
        return measured;
    }

    private record Measured(TrialRecord active, RoundOutcome outcome) {

        boolean isLimitedByCpu() {
            return !outcome.holds() && outcome.limitedByCpu();
        }
    }

    private Measured measure(Round round) throws IOException, InterruptedException {
        TrialRecord before = idle.get(round.client());
        if (before == null) {
            listener.begins(round, "idle");
            before = stage.play(scenario, round.client(), IspPlan.IDLE, Tap.NONE);
            idle.put(round.client(), before);
        }
        listener.begins(round, "active");
        TrialRecord active;
        try (var capture = RoundCapture.open(folder, round.id())) {
            active = stage.play(scenario, round.client(), round.isp(), capture);
        }
        var measure = new RoundMeasure(round, scenario.swarm().peers(), before, active);
        return new Measured(active, measure.outcome());
    }
}
