package dev.thistle.isp.scan;

import dev.thistle.isp.capture.Captured;
import dev.thistle.isp.detect.Subject;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Subnet;
import dev.thistle.isp.scan.ScanReport.Counts;
import dev.thistle.isp.scan.ScanReport.SeenCustomer;
import dev.thistle.isp.scan.ScanReport.SeenEndpoint;
import dev.thistle.isp.scan.ScanReport.SeenFlow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a scan has found so far. Bounded: of flows, endpoints and customers each so many are kept,
/// and the rest are only counted.
final class Findings {

    /// More would be read by nobody.
    private static final int MAX_KEPT = 50_000;

    /// What is known of a customer.
    private static final class Tally {
        private long flows;
        private long suspectFlows;
        private final Map<String, Verdict> verdicts = new LinkedHashMap<>();
    }

    private final List<Subnet> customers;
    private final IdentityHashMap<Flow, Set<Verdict>> covered = new IdentityHashMap<>();
    private final List<SeenFlow> suspects = new ArrayList<>();
    private final Map<Endpoint, Map<String, Verdict>> endpoints = new TreeMap<>();
    private final Map<Endpoint, Tally> tallies = new TreeMap<>();
    private long packets;
    private long otherPackets;
    private long cutPackets;
    private long ipBytes;
    private long flows;
    private long suspectFlows;
    private long leftOut;
    private long firstNanos;
    private long lastNanos;

    Findings(List<Subnet> customers) {
        this.customers = customers;
    }

    /// A packet that is neither TCP nor UDP, or not all there.
    void other(Captured captured) {
        otherPackets++;
        cutPackets += captured.isWhole() ? 0 : 1;
    }

    /// A packet, its flow, and what covers that now.
    void covered(Packet packet, Flow flow, List<Verdict> verdicts) {
        firstNanos = packets == 0 ? packet.nanos() : firstNanos;
        lastNanos = packet.nanos();
        packets++;
        ipBytes += packet.ipBytes();
        if (!verdicts.isEmpty()) {
            covered.computeIfAbsent(flow, _ -> new LinkedHashSet<>()).addAll(verdicts);
        }
    }

    void verdict(Verdict verdict) {
        switch (verdict.subject()) {
            case Subject.OfFlow _ -> {} // comes back with its flow
            case Subject.OfEndpoint(Endpoint endpoint, _) -> {
                Map<String, Verdict> known = endpoints.get(endpoint);
                if (known == null && endpoints.size() == MAX_KEPT) {
                    leftOut++;
                    return;
                }
                endpoints
                        .computeIfAbsent(endpoint, _ -> new LinkedHashMap<>())
                        .put(verdict.detector(), verdict);
            }
            case Subject.OfCustomer(Address customer) -> {
                Tally tally = tally(customer);
                tally.verdicts.put(verdict.detector(), verdict);
            }
        }
    }

    /// A flow is over.
    void forgotten(Flow flow) {
        flows++;
        Set<Verdict> verdicts = covered.remove(flow);
        boolean isSuspect = verdicts != null;
        suspectFlows += isSuspect ? 1 : 0;
        var ends = new LinkedHashSet<>(List.of(flow.client().address(), flow.server().address()));
        for (Address end : ends) {
            if (customers.stream().anyMatch(subnet -> subnet.contains(end))) {
                Tally tally = tally(end);
                tally.flows++;
                tally.suspectFlows += isSuspect ? 1 : 0;
            }
        }
        if (verdicts != null && suspects.size() < MAX_KEPT) {
            suspects.add(SeenFlow.of(flow, List.copyOf(verdicts)));
        } else if (verdicts != null) {
            leftOut++;
        }
    }

    /// When there are too many, what is counted of one more is lost.
    private Tally tally(Address customer) {
        Endpoint key = new Endpoint(customer, 0); // has an order, which addresses have not
        Tally known = tallies.get(key);
        if (known == null && tallies.size() == MAX_KEPT) {
            leftOut++;
            return new Tally();
        }
        return tallies.computeIfAbsent(key, _ -> new Tally());
    }

    ScanReport report(List<String> notes) {
        if (otherPackets > 0) {
            notes.add(
                    "%d packets are not TCP or UDP, or not whole (%d cut by the capture)"
                            .formatted(otherPackets, cutPackets));
        }
        if (leftOut > 0) {
            notes.add("%d findings beyond the %d kept".formatted(leftOut, MAX_KEPT));
        }
        return new ScanReport(
                new Counts(
                        packets,
                        otherPackets,
                        ipBytes,
                        flows,
                        suspectFlows,
                        lastNanos - firstNanos),
                suspects.stream().sorted(Comparator.comparingLong(SeenFlow::firstNanos)).toList(),
                endpoints.entrySet().stream()
                        .map(each ->
                                new SeenEndpoint(
                                        each.getKey(), List.copyOf(each.getValue().values())))
                        .toList(),
                tallies.entrySet().stream()
                        .filter(each ->
                                each.getValue().suspectFlows > 0
                                        || !each.getValue().verdicts.isEmpty())
                        .map(each -> customer(each.getKey().address(), each.getValue()))
                        .toList(),
                notes);
    }

    private static SeenCustomer customer(Address customer, Tally tally) {
        return new SeenCustomer(
                customer, tally.flows, tally.suspectFlows, List.copyOf(tally.verdicts.values()));
    }
}
