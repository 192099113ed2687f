package dev.thistle.isp.policy;

import java.time.Duration;

/// What is done to a flow that a verdict covers.
public sealed interface Action {

    /// Nothing: it is written down.
    record Watch() implements Action {}

    /// A token bucket with a queue (I5): what exceeds the rate waits, what exceeds the queue is
    /// dropped.
    ///
    /// @param bitsPerSecond of IP packets; positive
    /// @param burstBytes what may pass at once; at least one packet
    /// @param queueBytes what may wait; at least one packet
    /// @param scope who shares a bucket
    record Throttle(long bitsPerSecond, int burstBytes, int queueBytes, Scope scope)
            implements Action {}

    /// Forged TCP resets to both ends (I1), each at exactly the sequence number that the receiver
    /// expects next, as far as the box has seen. Sent again when data goes on.
    ///
    /// @param copies to each end; 1 to 5
    /// @param lag between the packet that triggers and the resets; 0 to 50 ms
    record Reset(int copies, Duration lag) implements Action {}

    /// Every packet of the flow is dropped.
    record Drop() implements Action {}

    /// Who shares a throttle.
    enum Scope {
        FLOW,
        CUSTOMER
    }
}
