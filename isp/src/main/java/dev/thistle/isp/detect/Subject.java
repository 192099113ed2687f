package dev.thistle.isp.detect;

import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;

/// What a verdict is about.
public sealed interface Subject {

    /// One conversation.
    record OfFlow(FlowKey flow) implements Subject {}

    /// A listening port of somebody: every flow to it, and from it.
    ///
    /// @param untilNanos when the verdict expires
    record OfEndpoint(Endpoint endpoint, long untilNanos) implements Subject {}

    /// Somebody on our side of the network.
    record OfCustomer(Address customer) implements Subject {}
}
