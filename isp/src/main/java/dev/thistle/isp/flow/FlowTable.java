package dev.thistle.isp.flow;

import dev.thistle.isp.packet.Packet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// All flows that are alive. Bounded: when it is full, or a flow has been silent for too long, the
/// one that has been silent longest is forgotten first. Owned by one thread.
public final class FlowTable {

    /// Of a laboratory or a small capture many times over; at about 17 KiB each at most, 1 GiB.
    public static final int MAX_FLOWS = 65_536;

    /// RFC 5382 asks a translator to keep an established connection for two hours and four minutes;
    /// observers keep less.
    public static final Duration SILENCE = Duration.ofMinutes(10);

    private final Map<FlowKey, Flow> flows = new LinkedHashMap<>(1024, 0.75f, true);
    private final Consumer<Flow> forgotten;

    /// @param forgotten told of each flow that leaves the table
    public FlowTable(Consumer<Flow> forgotten) {
        this.forgotten = forgotten;
    }

    /// Counts the packet in, and makes a flow of the first of a kind. A SYN with another number
    /// than the one that began the flow begins a new one under the same key.
    public Flow observe(Packet packet) {
        FlowKey key = FlowKey.of(packet);
        Flow flow = flows.get(key);
        if (flow == null || isReused(flow, packet)) {
            if (flow != null) {
                flows.remove(key);
                forgotten.accept(flow);
            }
            flow = new Flow(key, packet);
            flows.put(key, flow);
            forgetSilent(packet.nanos());
        }
        flow.observe(packet);
        return flow;
    }

    private static boolean isReused(Flow flow, Packet packet) {
        return packet.has(Packet.SYN)
                && !packet.has(Packet.ACK)
                && flow.half(packet).hasBegun()
                && !flow.half(packet).beganWith(packet.sequence());
    }

    private void forgetSilent(long nowNanos) {
        var oldest = flows.values().iterator();
        while (oldest.hasNext()) {
            Flow flow = oldest.next();
            boolean isSilent = nowNanos - flow.lastNanos() > SILENCE.toNanos();
            if (!isSilent && flows.size() <= MAX_FLOWS) {
                return;
            }
            oldest.remove();
            forgotten.accept(flow);
        }
    }

    /// Forgets them all, for the end of a run or of a file.
    public void close() {
        flows.values().forEach(forgotten);
        flows.clear();
    }
}
