package dev.thistle.isp.flow;

import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Packet.Transport;

/// The 5-tuple, the same for both directions.
///
/// @param low the lesser of the two endpoints
/// @param high the greater
public record FlowKey(Transport transport, Endpoint low, Endpoint high) {

    public static FlowKey of(Transport transport, Endpoint one, Endpoint other) {
        return one.compareTo(other) <= 0
                ? new FlowKey(transport, one, other)
                : new FlowKey(transport, other, one);
    }

    public static FlowKey of(Packet packet) {
        return of(packet.transport(), packet.source(), packet.target());
    }

    @Override
    public String toString() {
        return "%s %s %s".formatted(transport, low, high);
    }
}
