package dev.thistle.isp.box;

import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.policy.Action;
import java.util.List;
import java.util.Optional;

/// A flow that is over, as the box knew it.
///
/// @param client who opened it, as far as was seen
/// @param startNanos of the first packet, on the clock of the box
/// @param lastNanos of the last
/// @param identifiedBy the detectors whose verdicts covered it, oldest first
public record FlowRecord(
        FlowKey key,
        Endpoint client,
        Endpoint server,
        long startNanos,
        long lastNanos,
        Traffic fromClient,
        Traffic fromServer,
        List<String> identifiedBy,
        Interference interference) {

    /// One direction, as it reached the eyes of the box.
    ///
    /// @param payloadBytes of TCP or UDP, what was sent twice included
    public record Traffic(long packets, long payloadBytes) {}

    /// What was done to a flow.
    ///
    /// @param action what the policy asked for, if it did
    /// @param resetsForged packets, to both ends
    /// @param resetByItself whether an end sent a reset of its own before the first forged one
    /// @param droppedBytes of IP packets that a full throttle or a block threw away
    public record Interference(
            Optional<Action> action, int resetsForged, boolean resetByItself, long droppedBytes) {}

    public FlowRecord {
        identifiedBy = List.copyOf(identifiedBy);
    }
}
