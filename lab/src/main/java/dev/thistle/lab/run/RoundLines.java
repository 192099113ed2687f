package dev.thistle.lab.run;

import dev.thistle.isp.box.BoxEvent;
import dev.thistle.isp.box.FlowRecord;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.policy.Action;
import dev.thistle.lab.outcome.ActionTaken;
import dev.thistle.lab.outcome.FlowLine;
import dev.thistle.lab.outcome.RunFolder;
import dev.thistle.lab.truth.Connection;
import dev.thistle.lab.truth.TruthRow;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Tells a trial as lines of the run's files: truth, events, actions, flows.
final class RoundLines {

    private final RunFolder folder;
    private final String round;
    private final TrialRecord trial;
    private final Map<FlowKey, FlowRecord> flows = new HashMap<>();

    RoundLines(RunFolder folder, String round, TrialRecord trial) {
        this.folder = folder;
        this.round = round;
        this.trial = trial;
        trial.box().flows().forEach(flow -> flows.put(flow.key(), flow));
    }

    void write() throws IOException {
        writeTruth();
        for (BoxEvent event : trial.box().events()) {
            write(event);
        }
        for (FlowRecord flow : trial.box().flows()) {
            folder.flow(line(flow));
        }
    }

    private FlowLine line(FlowRecord flow) {
        return new FlowLine(
                round,
                trial.seconds(flow.startNanos()),
                trial.seconds(flow.lastNanos()),
                flow.key().transport().name(),
                flow.client().toString(),
                flow.server().toString(),
                flow.fromClient().packets(),
                flow.fromClient().payloadBytes(),
                flow.fromServer().packets(),
                flow.fromServer().payloadBytes(),
                TruthRow.of(trial.truth(), flow.key()).application(),
                flow.identifiedBy(),
                action(flow));
    }

    /// Connections of the swarm with how both ends saw them end; then flows whose ends nobody
    /// watched.
    private void writeTruth() throws IOException {
        var watched = new HashSet<FlowKey>();
        for (Connection connection : trial.course().connections()) {
            watched.add(connection.flow());
            folder.truth(round, TruthRow.of(trial.truth(), connection));
        }
        for (FlowRecord flow : trial.box().flows()) {
            if (!watched.contains(flow.key())) {
                folder.truth(round, TruthRow.of(trial.truth(), flow.key()));
            }
        }
    }

    private void write(BoxEvent event) throws IOException {
        double seconds = trial.seconds(event.nanos());
        switch (event) {
            case BoxEvent.Identified(var verdict) -> folder.event(round, seconds, verdict);
            case BoxEvent.Throttled(_, var flow, var action) ->
                    write(
                            seconds,
                            "throttle",
                            flow,
                            "%.1f Mbit/s a %s"
                                    .formatted(
                                            action.bitsPerSecond() / 1e6,
                                            action.scope() == Action.Scope.FLOW
                                                    ? "flow"
                                                    : "customer"));
            case BoxEvent.ResetForged(_, var flow, var towards, int sequence, int copies) ->
                    write(
                            seconds,
                            "reset",
                            flow,
                            "towards %s, sequence number %d, copies %d"
                                    .formatted(towards, Integer.toUnsignedLong(sequence), copies));
            case BoxEvent.Dropped(_, var flow) -> write(seconds, "drop", flow, "all packets");
        }
    }

    private void write(double seconds, String action, FlowKey flow, String detail)
            throws IOException {
        FlowRecord record = flows.get(flow);
        List<String> detectors = record == null ? List.of() : record.identifiedBy();
        String detector = detectors.isEmpty() ? "" : detectors.getFirst();
        folder.action(new ActionTaken(round, seconds, action, flow, detector, detail));
    }

    private static String action(FlowRecord flow) {
        return flow.interference()
                .action()
                .map(action ->
                        switch (action) {
                            case Action.Watch _ -> "watch";
                            case Action.Throttle _ -> "throttle";
                            case Action.Reset _ -> "reset";
                            case Action.Drop _ -> "drop";
                        })
                .orElse("");
    }
}
