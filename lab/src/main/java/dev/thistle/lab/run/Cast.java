package dev.thistle.lab.run;

import dev.thistle.isp.box.Attachment;
import dev.thistle.isp.box.LineProfile;
import dev.thistle.isp.box.SocketFrames;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import dev.thistle.isp.packet.Subnet;
import dev.thistle.lab.background.Neighbourhood;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Star;
import dev.thistle.lab.scenario.AccessNetwork;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.scenario.SwarmPlan;
import dev.thistle.lab.truth.Application;
import dev.thistle.lab.truth.Role;
import dev.thistle.lab.truth.Truth;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Who plays which part in a trial, and on which host: the swarm and its tracker, told to the truth
/// here, and the hosts for the background.
final class Cast implements Closeable {

    /// Whom the ISP looks after.
    static final Subnet CUSTOMERS = Subnet.parse("10.64.0.0/16");

    static final int TRACKER_PORT = 6969;

    /// As odd as any.
    static final int PEER_PORT = 51_413;

    private final Star star;
    private final AccessNetwork network;
    private final List<Host> seeders;
    private final List<Host> inside;
    private final List<Host> beyond;
    private final Host tracker;
    private final List<Host> neighbours;
    private final List<Host> strangers;

    private Cast(Star star, Scenario scenario) {
        this.star = star;
        network = scenario.network();
        SwarmPlan swarm = scenario.swarm();
        List<Host> customers = star.customers();
        int peers = swarm.seeders() + swarm.leechers();
        seeders = customers.subList(0, swarm.seeders());
        inside = customers.subList(swarm.seeders(), peers);
        neighbours = customers.subList(peers, customers.size());
        List<Host> outside = star.outside();
        tracker = outside.getFirst();
        beyond = outside.subList(1, 1 + swarm.outsideLeechers());
        strangers = outside.subList(1 + swarm.outsideLeechers(), outside.size());
    }

    /// Makes all hosts and tells the truth who is in the swarm.
    static Cast assemble(Scenario scenario, Truth truth) throws IOException {
        SwarmPlan swarm = scenario.swarm();
        List<String> customers =
                Stream.of(
                                names("seeder", swarm.seeders()),
                                names("leecher", swarm.leechers()),
                                names("neighbour", scenario.background().customers()))
                        .flatMap(List::stream)
                        .toList();
        List<String> outside =
                Stream.of(
                                List.of("tracker"),
                                names("peer", swarm.outsideLeechers()),
                                names(
                                        "stranger",
                                        Neighbourhood.outsideHosts(scenario.background())))
                        .flatMap(List::stream)
                        .toList();
        Star star = Star.build(customers, outside, scenario.network().mtuBytes());
        var cast = new Cast(star, scenario);
        cast.tell(truth);
        return cast;
    }

    private static List<String> names(String what, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(number -> what + "-" + number).toList();
    }

    private void tell(Truth truth) {
        truth.settles(tracker, Role.TRACKER);
        truth.listens(
                Transport.TCP, new Endpoint(tracker.address(), TRACKER_PORT), Application.TRACKER);
        for (Host host : swarm()) {
            truth.settles(host, seeders.contains(host) ? Role.SEEDER : Role.LEECHER);
            truth.listens(
                    Transport.TCP, new Endpoint(host.address(), PEER_PORT), Application.BITTORRENT);
        }
    }

    String announceUrl() {
        return "http://%s:%d/announce".formatted(tracker.address(), TRACKER_PORT);
    }

    Host tracker() {
        return tracker;
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

    /// Where all links end.
    SocketFrames frames() throws IOException {
        return SocketFrames.open(star.box(), network.mtuBytes());
    }

    /// For the box: customers behind their lines, all others without.
    List<Attachment> attachments() {
        LineProfile up = line(network.upBitsPerSecond());
        LineProfile down = line(network.downBitsPerSecond());
        var attachments = new ArrayList<Attachment>();
        Map<Address, Integer> ports = star.ports();
        for (Host host : star.customers()) {
            int port = ports.getOrDefault(host.address(), 0);
            attachments.add(new Attachment.Customer(host.address(), port, up, down));
        }
        for (Host host : star.outside()) {
            int port = ports.getOrDefault(host.address(), 0);
            attachments.add(new Attachment.Outside(host.address(), port));
        }
        return attachments;
    }

    private LineProfile line(long bitsPerSecond) {
        return LineProfile.of(bitsPerSecond, network.delay(), network.jitter(), network.lossRate());
    }

    @Override
    public void close() {
        star.close();
    }
}
