package dev.thistle.lab.truth;

import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Side;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// What is known because the lab arranged it: who lives where, and what listens behind each port.
/// One of the two ends of every flow is a port that listens, so the answers are exact. Thread-safe.
public final class Truth {

    /// Who has an address.
    ///
    /// @param name as files and messages call the host
    public record Resident(String name, Address address, Side side, Role role) {}

    private record Port(Transport transport, Endpoint endpoint) {}

    private final Map<Address, Resident> residents = new ConcurrentHashMap<>();
    private final Map<Port, Application> ports = new ConcurrentHashMap<>();

    /// Notes who lives at a host's address.
    ///
    /// @throws IllegalArgumentException if the address is somebody else's, or has another role
    public void settles(Host host, Role role) {
        var resident = new Resident(host.name(), host.address(), host.side(), role);
        Resident before = residents.putIfAbsent(host.address(), resident);
        if (before != null && !before.equals(resident)) {
            throw new IllegalArgumentException("%s is %s, not %s".formatted(host, before, role));
        }
    }

    /// Notes what listens at a port.
    ///
    /// @throws IllegalArgumentException if something else does
    public void listens(Transport transport, Endpoint endpoint, Application application) {
        Application before = ports.putIfAbsent(new Port(transport, endpoint), application);
        if (before != null && before != application) {
            throw new IllegalArgumentException(
                    "%s %s is %s, not %s".formatted(transport, endpoint, before, application));
        }
    }

    /// What the flow is for; empty if neither end is a port that listens.
    ///
    /// Where both do, one is a peer that calls from its own port, as over UDP, and what it calls
    /// says what the flow is for.
    public Optional<Application> application(FlowKey flow) {
        return Stream.of(flow.low(), flow.high())
                .map(end -> new Port(flow.transport(), end))
                .flatMap(port -> Optional.ofNullable(ports.get(port)).stream())
                .reduce((one, other) -> one == Application.BITTORRENT ? other : one);
    }

    /// Who has this address.
    public Optional<Resident> resident(Address address) {
        return Optional.ofNullable(residents.get(address));
    }

    /// The customer of the ISP who has a part in the flow; the one at the lower address if both
    /// ends are customers.
    public Optional<Resident> customer(FlowKey flow) {
        return Stream.of(flow.low(), flow.high())
                .flatMap(end -> resident(end.address()).stream())
                .filter(resident -> resident.side() == Side.CUSTOMER)
                .findFirst();
    }
}
