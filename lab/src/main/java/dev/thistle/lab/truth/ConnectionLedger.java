package dev.thistle.lab.truth;

import dev.thistle.isp.flow.FlowKey;
import dev.thistle.lab.truth.Connection.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// All links of a run, from both ends. Thread-safe; one for all hosts.
///
/// It is as long as the run has connections: a few hundred bytes each, and resets make peers dial
/// again only as often as their own back-off allows.
public final class ConnectionLedger {

    private final Queue<ObservedLink> links = new ConcurrentLinkedQueue<>();

    void add(ObservedLink link) {
        links.add(link);
    }

    /// All connections so far, with both ends side by side. Where the same two endpoints met more
    /// than once, the first life of one end is paired with the first of the other, and so on.
    public List<Connection> connections() {
        return pair(links.stream().map(ObservedLink::life).toList());
    }

    static List<Connection> pair(List<LinkLife> lives) {
        Map<FlowKey, List<LinkLife>> flows = new LinkedHashMap<>();
        lives.stream()
                .sorted(Comparator.comparingLong(LinkLife::openedNanos))
                .forEach(life ->
                        flows.computeIfAbsent(life.flow(), _ -> new ArrayList<>()).add(life));
        List<Connection> connections = new ArrayList<>();
        flows.forEach((flow, met) -> {
            List<LinkLife> low = met.stream().filter(LinkLife::isLow).toList();
            List<LinkLife> high = met.stream().filter(life -> !life.isLow()).toList();
            for (int i = 0; i < Math.max(low.size(), high.size()); i++) {
                connections.add(new Connection(flow, nth(low, i), nth(high, i)));
            }
        });
        return connections;
    }

    private static Optional<LinkLife> nth(List<LinkLife> lives, int index) {
        return index < lives.size() ? Optional.of(lives.get(index)) : Optional.empty();
    }

    /// How many connections met each fate; every fate has an entry.
    public Map<Fate, Integer> fates() {
        var fates = new EnumMap<Fate, Integer>(Fate.class);
        for (Fate fate : Fate.values()) {
            fates.put(fate, 0);
        }
        connections().forEach(connection -> fates.merge(connection.fate(), 1, Integer::sum));
        return fates;
    }
}
