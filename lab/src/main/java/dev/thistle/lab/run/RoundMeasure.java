package dev.thistle.lab.run;

import dev.thistle.isp.box.FlowRecord;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.policy.Action;
import dev.thistle.lab.host.Side;
import dev.thistle.lab.outcome.RoundOutcome;
import dev.thistle.lab.scenario.Round;
import dev.thistle.lab.truth.Application;
import dev.thistle.lab.truth.Connection;
import dev.thistle.lab.truth.Truth;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes a round's numbers out of its two trials, by comparing what the box believed with what the
/// hosts know.
final class RoundMeasure {

    /// A machine this busy may have set the pace itself.
    private static final double BUSY = 0.9;

    private final Round round;
    private final int peers;
    private final TrialRecord idle;
    private final TrialRecord active;
    private final Truth truth;

    /// @param peers in the swarm
    RoundMeasure(Round round, int peers, TrialRecord idle, TrialRecord active) {
        this.round = round;
        this.peers = peers;
        this.idle = idle;
        this.active = active;
        truth = active.truth();
    }

    RoundOutcome outcome() {
        List<FlowRecord> peerFlows = talked(Application.BITTORRENT).toList();
        List<FlowRecord> announces = talked(Application.TRACKER).toList();
        List<FlowRecord> benign = active.box().flows().stream().filter(this::isBenign).toList();
        double cpuShare = Math.max(idle.course().cpuShare(), active.course().cpuShare());
        return new RoundOutcome(
                        round,
                        peers,
                        active.course().completed(),
                        active.course().goodputBitsPerSecond(),
                        idle.course().goodputBitsPerSecond(),
                        peerFlows.size(),
                        identified(peerFlows.stream()),
                        announces.size(),
                        identified(announces.stream()),
                        identified(benign.stream()),
                        benign.size(),
                        customersIdentified(peerFlows),
                        Math.toIntExact(active.box().counters().forged()),
                        killed(),
                        (int) peerFlows.stream().filter(RoundMeasure::isThrottled).count(),
                        active.course().samples(),
                        idle.course().samples(),
                        Marks.of(active),
                        cpuShare,
                        cpuShare > BUSY,
                        List.of())
                .judged();
    }

    /// A flow in which nobody said anything is a call that was not answered.
    private Stream<FlowRecord> talked(Application application) {
        return active.box().flows().stream()
                .filter(flow -> truth.application(flow.key()).equals(Optional.of(application)))
                .filter(flow ->
                        flow.fromClient().payloadBytes() + flow.fromServer().payloadBytes() > 0);
    }

    private boolean isBenign(FlowRecord flow) {
        return truth.application(flow.key()).filter(found -> !found.isOfSwarm()).isPresent();
    }

    private static int identified(Stream<FlowRecord> flows) {
        return (int) flows.filter(RoundMeasure::isIdentified).count();
    }

    private static boolean isIdentified(FlowRecord flow) {
        return !flow.identifiedBy().isEmpty();
    }

    private int customersIdentified(List<FlowRecord> peerFlows) {
        return (int)
                peerFlows.stream()
                        .filter(RoundMeasure::isIdentified)
                        .flatMap(flow -> Stream.of(flow.client(), flow.server()))
                        .map(Endpoint::address)
                        .flatMap(address -> truth.resident(address).stream())
                        .filter(resident -> resident.side() == Side.CUSTOMER)
                        .distinct()
                        .count();
    }

    /// Both ends saw a reset, the box had forged some, and none of an end's own came before those.
    private int killed() {
        Set<FlowKey> forged =
                active.box().flows().stream()
                        .filter(flow -> flow.interference().resetsForged() > 0)
                        .filter(flow -> !flow.interference().resetByItself())
                        .map(FlowRecord::key)
                        .collect(Collectors.toSet());
        return (int)
                active.course().connections().stream()
                        .filter(connection -> connection.fate() == Connection.Fate.KILLED)
                        .filter(connection -> forged.contains(connection.flow()))
                        .count();
    }

    private static boolean isThrottled(FlowRecord flow) {
        return flow.interference().action().orElse(null) instanceof Action.Throttle;
    }
}
