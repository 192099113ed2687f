package dev.thistle.isp.box;

import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.flow.Half;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.policy.Action;
import dev.thistle.isp.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the box keeps about one flow: both lanes, what was decided, and what was done so far.
final class Dossier {

    final Flow flow;
    final Lane toServer;
    final Lane toClient;

    /// When verdicts were last looked up, and how many had been spoken until then.
    long judgedNanos;

    long judgedVerdicts = -1;

    /// Whether the action was told.
    boolean isTold;

    /// Whether resets are on the agenda.
    boolean isResetPlanned;

    /// When resets were last sent; only if there were some.
    long resetNanos;

    int resetsForged;
    long droppedBytes;
    private boolean isResetByItself;
    private final Set<String> identifiedBy = new LinkedHashSet<>();
    private @Nullable Action action;

    Dossier(Flow flow) {
        this.flow = flow;
        toServer = new Lane(this, flow.client(), flow.server());
        toClient = new Lane(this, flow.server(), flow.client());
    }

    /// Takes in a packet of the flow.
    Lane observe(Packet packet) {
        Lane lane = flow.isFromClient(packet) ? toServer : toClient;
        if (packet.has(Packet.ACK)) {
            lane.opposite().place.acknowledged(packet.acknowledged());
        }
        isResetByItself |= packet.has(Packet.RST) && resetsForged == 0;
        return lane;
    }

    /// Takes in the verdicts that cover the flow. The first that the policy names decides, for
    /// good.
    void judge(List<Verdict> verdicts, Policy policy) {
        for (Verdict verdict : verdicts) {
            boolean isNew = identifiedBy.add(verdict.detector());
            if (isNew && action == null) {
                action = policy.action(verdict.detector()).orElse(null);
            }
        }
    }

    /// Null as long as nothing was decided.
    @Nullable Action action() {
        return action;
    }

    FlowRecord record() {
        return new FlowRecord(
                flow.key(),
                flow.client(),
                flow.server(),
                flow.startNanos(),
                flow.lastNanos(),
                traffic(flow.fromClient()),
                traffic(flow.fromServer()),
                new ArrayList<>(identifiedBy),
                new FlowRecord.Interference(
                        Optional.ofNullable(action), resetsForged, isResetByItself, droppedBytes));
    }

    private static FlowRecord.Traffic traffic(Half half) {
        return new FlowRecord.Traffic(half.packets(), half.payloadBytes());
    }
}
