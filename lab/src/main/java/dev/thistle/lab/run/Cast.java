package dev.thistle.lab.run;

import dev.thistle.isp.box.Attachment;
import dev.thistle.isp.box.LineProfile;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import dev.thistle.isp.packet.Subnet;
import dev.thistle.lab.background.Neighbourhood;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.scenario.AccessNetwork;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.scenario.SwarmPlan;
import dev.thistle.lab.truth.Application;
import dev.thistle.lab.truth.Role;
import dev.thistle.lab.truth.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Who plays which part in a trial, and on which host: the swarm, its tracker, and those beside it.
///
/// Customers are, in the order of their addresses, seeders, leechers and neighbours; hosts outside
/// are the tracker, leechers and strangers.
final class Cast {

    /// Whom the ISP looks after.
    static final Subnet CUSTOMERS = Subnet.parse("10.64.0.0/16");

    static final int TRACKER_PORT = 6969;

    /// As odd as any.
    static final int PEER_PORT = 51_413;

    private final AccessNetwork network;
    private final List<Host> customers;
    private final List<Host> outside;
    private final List<Host> seeders;
    private final List<Host> inside;
    private final List<Host> beyond;
    private final List<Host> neighbours;
    private final List<Host> strangers;

    /// @param customers as many as [#customers(Scenario)] names, in that order
    /// @param outside as many as [#outside(Scenario)] names, in that order
    Cast(Scenario scenario, List<Host> customers, List<Host> outside) {
        network = scenario.network();
        this.customers = List.copyOf(customers);
        this.outside = List.copyOf(outside);
        SwarmPlan swarm = scenario.swarm();
        int peers = swarm.seeders() + swarm.leechers();
        seeders = this.customers.subList(0, swarm.seeders());
        inside = this.customers.subList(swarm.seeders(), peers);
        neighbours = this.customers.subList(peers, customers.size());
        beyond = this.outside.subList(1, 1 + swarm.outsideLeechers());
        strangers = this.outside.subList(1 + swarm.outsideLeechers(), outside.size());
    }

    /// Names of the customers that a scenario needs.
    static List<String> customers(Scenario scenario) {
        SwarmPlan swarm = scenario.swarm();
        return Stream.of(
                        names("seeder", swarm.seeders()),
                        names("leecher", swarm.leechers()),
                        names("neighbour", scenario.background().customers()))
                .flatMap(List::stream)
                .toList();
    }

    /// Names of the hosts outside that a scenario needs.
    static List<String> outside(Scenario scenario) {
        return Stream.of(
                        List.of("tracker"),
                        names("peer", scenario.swarm().outsideLeechers()),
                        names("stranger", Neighbourhood.outsideHosts(scenario.background())))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> names(String what, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(number -> what + "-" + number).toList();
    }

    /// Tells who is in the swarm, and what listens there. The background tells for itself.
    void tell(Truth truth) {
        truth.settles(tracker(), Role.TRACKER);
        truth.listens(
                Transport.TCP,
                new Endpoint(tracker().address(), TRACKER_PORT),
                Application.TRACKER);
        for (Host host : swarm()) {
            truth.settles(host, seeders.contains(host) ? Role.SEEDER : Role.LEECHER);
            truth.listens(
                    Transport.TCP, new Endpoint(host.address(), PEER_PORT), Application.BITTORRENT);
        }
    }

    String announceUrl() {
        return "http://%s:%d/announce".formatted(tracker().address(), TRACKER_PORT);
    }

    Host tracker() {
        return outside.getFirst();
    }

    List<Host> seeders() {
        return seeders;
    }

    /// Customers. They come first, so it is strangers who call them, as it is for somebody who has
    /// been in the swarm for a while.
    List<Host> insideLeechers() {
        return inside;
    }

    List<Host> outsideLeechers() {
        return beyond;
    }

    List<Host> swarmCustomers() {
        return Stream.concat(seeders.stream(), inside.stream()).toList();
    }

    List<Host> swarm() {
        return Stream.of(seeders, inside, beyond).flatMap(List::stream).toList();
    }

    /// Customers of the background.
    List<Host> neighbours() {
        return neighbours;
    }

    /// Hosts outside that the background needs.
    List<Host> strangers() {
        return strangers;
    }

    /// For the box: customers behind their lines, all others without.
    ///
    /// @param ports at which interface of the box each address is
    List<Attachment> attachments(Map<Address, Integer> ports) {
        LineProfile up = line(network.upBitsPerSecond());
        LineProfile down = line(network.downBitsPerSecond());
        var attachments = new ArrayList<Attachment>();
        for (Host host : customers) {
            attachments.add(new Attachment.Customer(host.address(), port(ports, host), up, down));
        }
        for (Host host : outside) {
            attachments.add(new Attachment.Outside(host.address(), port(ports, host)));
        }
        return attachments;
    }

    private LineProfile line(long bitsPerSecond) {
        return LineProfile.of(bitsPerSecond, network.delay(), network.jitter(), network.lossRate());
    }

    private static int port(Map<Address, Integer> ports, Host host) {
        Integer port = ports.get(host.address());
        if (port == null) {
            throw new IllegalArgumentException(host + " is not on the box");
        }
        return port;
    }
}
