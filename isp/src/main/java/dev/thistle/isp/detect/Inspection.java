package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.flow.FlowTable;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// An observer's whole knowledge: all flows, all detectors, and which verdicts stand. Fed by the
/// live box and by capture files alike. Owned by one thread.
///
/// Bounded, since strangers decide what is in it: a tracker may answer with any endpoints it likes.
/// Verdicts on flows go with their flow; verdicts on endpoints expire, and when there are
/// [#MAX_ENDPOINTS] the one that was renewed longest ago makes room.
public final class Inspection {

    /// About fifty full answers of trackers.
    public static final int MAX_ENDPOINTS = 65_536;

    private final List<Detector> detectors;
    private final Consumer<Verdict> verdicts;
    private final FlowTable flows;
    private final int maxEndpoints;
    private final Map<FlowKey, List<Verdict>> aboutFlows = new HashMap<>();
    private final Map<Endpoint, List<Verdict>> aboutEndpoints = new LinkedHashMap<>();

    /// @param verdicts told of each, once
    /// @param forgotten told of each flow that will not be heard of again
    public Inspection(
            List<Detector> detectors, Consumer<Verdict> verdicts, Consumer<Flow> forgotten) {
        this(detectors, verdicts, forgotten, MAX_ENDPOINTS);
    }

    /// For tests: with another bound.
    Inspection(
            List<Detector> detectors,
            Consumer<Verdict> verdicts,
            Consumer<Flow> forgotten,
            int maxEndpoints) {
        this.detectors = List.copyOf(detectors);
        this.verdicts = verdicts;
        this.maxEndpoints = maxEndpoints;
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
            case Subject.OfEndpoint(Endpoint endpoint, _) -> remember(endpoint, verdict);
            case Subject.OfCustomer _ -> {} // told, but no reason to touch all of somebody's flows
        }
    }

    /// A detector's newer verdict on an endpoint replaces its older one.
    private void remember(Endpoint endpoint, Verdict verdict) {
        List<Verdict> about = aboutEndpoints.remove(endpoint);
        if (about == null) {
            about = new ArrayList<>(1);
        }
        about.removeIf(older -> older.detector().equals(verdict.detector()));
        about.add(verdict);
        aboutEndpoints.put(endpoint, about);
        var longestAgo = aboutEndpoints.values().iterator();
        while (longestAgo.hasNext()) {
            List<Verdict> old = longestAgo.next();
            old.removeIf(each -> isOver(each, verdict.nanos()));
            if (!old.isEmpty() && aboutEndpoints.size() <= maxEndpoints) {
                return;
            }
            longestAgo.remove();
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
        about.removeIf(verdict -> isOver(verdict, nowNanos));
        into.addAll(about);
    }

    private static boolean isOver(Verdict verdict, long nowNanos) {
        return verdict.subject() instanceof Subject.OfEndpoint(_, long until)
                && until - nowNanos <= 0;
    }

    /// How many endpoints have verdicts, some of them perhaps expired.
    int endpoints() {
        return aboutEndpoints.size();
    }

    /// Forgets all flows, each told of once more.
    public void close() {
        flows.close();
    }
}
