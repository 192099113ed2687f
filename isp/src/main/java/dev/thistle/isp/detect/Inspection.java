package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.flow.FlowTable;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// An observer's whole knowledge: all flows, all detectors, and which verdicts stand. Fed by the
/// live box and by capture files alike. Owned by one thread.
public final class Inspection {

    private final List<Detector> detectors;
    private final Consumer<Verdict> verdicts;
    private final FlowTable flows;
    private final Map<FlowKey, List<Verdict>> aboutFlows = new HashMap<>();
    private final Map<Endpoint, List<Verdict>> aboutEndpoints = new HashMap<>();

    /// @param verdicts told of each, once
    /// @param forgotten told of each flow that will not be heard of again
    public Inspection(
            List<Detector> detectors, Consumer<Verdict> verdicts, Consumer<Flow> forgotten) {
        this.detectors = List.copyOf(detectors);
        this.verdicts = verdicts;
        flows =
                new FlowTable(flow -> {
                    forgotten.accept(flow);
                    aboutFlows.remove(flow.key());
                });
    }

    /// Lets all detectors look at the packet.
    ///
    /// @return the flow it belongs to
    public Flow observe(Packet packet) {
        Flow flow = flows.observe(packet);
        for (Detector detector : detectors) {
            for (Verdict verdict : detector.observe(packet, flow)) {
                remember(verdict);
                verdicts.accept(verdict);
            }
        }
        return flow;
    }

    private void remember(Verdict verdict) {
        switch (verdict.subject()) {
            case Subject.OfFlow(FlowKey key) ->
                    aboutFlows.computeIfAbsent(key, _ -> new ArrayList<>()).add(verdict);
            case Subject.OfEndpoint(Endpoint endpoint, _) ->
                    aboutEndpoints.computeIfAbsent(endpoint, _ -> new ArrayList<>()).add(verdict);
            case Subject.OfCustomer _ -> {} // told, but no reason to touch all of somebody's flows
        }
    }

    /// The verdicts that cover this flow now: its own, and those on its two ends, oldest first.
    public List<Verdict> covering(Flow flow, long nowNanos) {
        List<Verdict> own = aboutFlows.getOrDefault(flow.key(), List.of());
        if (aboutEndpoints.isEmpty()) {
            return own;
        }
        var all = new ArrayList<>(own);
        collect(flow.client(), nowNanos, all);
        collect(flow.server(), nowNanos, all);
        return all;
    }

    private void collect(Endpoint endpoint, long nowNanos, List<Verdict> into) {
        List<Verdict> about = aboutEndpoints.get(endpoint);
        if (about == null) {
            return;
        }
        about.removeIf(verdict ->
                verdict.subject() instanceof Subject.OfEndpoint(_, long until)
                        && until - nowNanos <= 0);
        into.addAll(about);
    }

    /// Forgets all flows, each told of once more.
    public void close() {
        flows.close();
    }
}
