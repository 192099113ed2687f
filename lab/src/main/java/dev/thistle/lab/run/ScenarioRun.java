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

    private final Scenario scenario;
    private final RunFolder folder;
    private final Listener listener;
    private final Map<ClientPlan, TrialRecord> idle = new HashMap<>();

    /// Hears how the run gets on.
    public interface Listener {

        /// A part of a round starts.
        ///
        /// @param part of the round: `idle`, which is left out where an earlier round had the same
        ///   client, or `active`
        void begins(Round round, String part);

        /// A round is over and was judged.
        void ended(RoundOutcome outcome);
    }

    /// Begins nothing yet.
    ///
    /// @param folder where lines and captures go
    public ScenarioRun(Scenario scenario, RunFolder folder, Listener listener) {
        this.scenario = scenario;
        this.folder = folder;
        this.listener = listener;
    }

    /// Plays all rounds.
    ///
    /// @return their outcomes, in order
    /// @throws IOException if the machine fails a trial, naming the round
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
            new Trial(scenario.brief(), client, IspPlan.IDLE, Tap.NONE).run();
        }
    }

    private RoundOutcome play(Round round) throws IOException, InterruptedException {
        TrialRecord before = idle.get(round.client());
        if (before == null) {
            listener.begins(round, "idle");
            before = new Trial(scenario, round.client(), IspPlan.IDLE, Tap.NONE).run();
            idle.put(round.client(), before);
        }
        listener.begins(round, "active");
        TrialRecord active;
        try (var capture = RoundCapture.open(folder, round.id())) {
            active = new Trial(scenario, round.client(), round.isp(), capture).run();
        }
        new RoundLines(folder, round.id(), active).write();
        return new RoundMeasure(round, scenario.swarm().peers(), before, active).outcome();
    }
}
