package dev.thistle.isp.box;

import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.policy.Action;

/// Something the ISP found out or did.
public sealed interface BoxEvent {

    /// When, on the clock of the box.
    long nanos();

    /// A detector spoke.
    record Identified(Verdict verdict) implements BoxEvent {
        @Override
        public long nanos() {
            return verdict.nanos();
        }
    }

    /// A flow was put into a bucket; told once a flow.
    record Throttled(long nanos, FlowKey flow, Action.Throttle action) implements BoxEvent {}

    /// Resets left the box.
    ///
    /// @param towards the end that gets them, in the name of the other
    /// @param sequence what that end expects next
    record ResetForged(long nanos, FlowKey flow, Endpoint towards, int sequence, int copies)
            implements BoxEvent {}

    /// A flow is blocked from here on; told once a flow.
    record Dropped(long nanos, FlowKey flow) implements BoxEvent {}
}
