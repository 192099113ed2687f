package dev.thistle.lab.truth;

import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;

/// A link as one of its ends knew it.
///
/// @param openedNanos by the clock of [System#nanoTime], which all hosts of the lab share
/// @param endedNanos when it ended, or when this was written down if it is [Ending#OPEN]
public record LinkLife(
        Endpoint local, Endpoint remote, long openedNanos, long endedNanos, Ending ending) {

    public FlowKey flow() {
        return FlowKey.of(Transport.TCP, local, remote);
    }

    /// Whether this is the end that the flow calls low.
    public boolean isLow() {
        return local.equals(flow().low());
    }
}
