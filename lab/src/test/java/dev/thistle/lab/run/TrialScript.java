package dev.thistle.lab.run;

import dev.thistle.isp.box.BoxCounters;
import dev.thistle.isp.box.BoxEvent;
import dev.thistle.isp.box.FlowRecord;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import dev.thistle.isp.policy.Action;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Place;
import dev.thistle.lab.host.Side;
import dev.thistle.lab.truth.Application;
import dev.thistle.lab.truth.Connection;
import dev.thistle.lab.truth.Ending;
import dev.thistle.lab.truth.LinkLife;
import dev.thistle.lab.truth.Role;
import dev.thistle.lab.truth.Truth;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A trial that was never played: its hosts, and what a test says that happened.
final class TrialScript implements AutoCloseable {

    /// When the first leecher started: past the greatest number soon, as clocks are.
    private static final long START = Long.MAX_VALUE - 10;

    static final Action THROTTLE =
            new Action.Throttle(2_000_000, 15_000, 30_000, Action.Scope.FLOW);
    static final Action RESET = new Action.Reset(1, Duration.ZERO);

    private final Host seederHost = host("seeder-1", "10.64.0.1", Side.CUSTOMER);
    private final Host leecherHost = host("leecher-1", "10.64.0.2", Side.CUSTOMER);
    private final Host neighbourHost = host("neighbour-1", "10.64.0.3", Side.CUSTOMER);
    private final Host trackerHost = host("tracker", "10.128.0.1", Side.OUTSIDE);
    private final Host peerHost = host("peer-1", "10.128.0.2", Side.OUTSIDE);
    private final Host otherHost = host("peer-2", "10.128.0.3", Side.OUTSIDE);
    private final Host webHost = host("stranger-1", "10.128.0.4", Side.OUTSIDE);

    final Endpoint seeder = new Endpoint(seederHost.address(), 51_413);
    final Endpoint leecher = new Endpoint(leecherHost.address(), 51_413);
    final Endpoint peer = new Endpoint(peerHost.address(), 51_413);
    final Endpoint other = new Endpoint(otherHost.address(), 51_413);
    final Endpoint tracker = new Endpoint(trackerHost.address(), 6969);
    final Endpoint web = new Endpoint(webHost.address(), 443);
    final Endpoint neighbour = new Endpoint(neighbourHost.address(), 40_000);

    final Truth truth = new Truth();
    final List<BoxEvent> events = new ArrayList<>();
    final List<FlowRecord> flows = new ArrayList<>();
    final List<Connection> connections = new ArrayList<>();
    private int callers = 40_000;

    TrialScript() {
        truth.settles(seederHost, Role.SEEDER);
        truth.settles(trackerHost, Role.TRACKER);
        truth.settles(neighbourHost, Role.BROWSER);
        truth.settles(webHost, Role.SERVER);
        for (Host host : List.of(leecherHost, peerHost, otherHost)) {
            truth.settles(host, Role.LEECHER);
        }
        for (Endpoint each : List.of(seeder, leecher, peer, other)) {
            truth.listens(Transport.TCP, each, Application.BITTORRENT);
        }
        truth.listens(Transport.TCP, tracker, Application.TRACKER);
        truth.listens(Transport.TCP, web, Application.WEB);
    }

    static Host host(String name, String address, Side side) {
        return new Host(name, InetAddress.ofLiteral(address), side, new Place.Here());
    }

    /// So long after the first leecher started.
    static long after(int millis) {
        return START + millis * 1_000_000L;
    }

    /// Another port of the same host, as callers have.
    Endpoint caller(Endpoint host) {
        return new Endpoint(host.address(), callers++);
    }

    static FlowKey key(Endpoint client, Endpoint server) {
        return FlowKey.of(Transport.TCP, client, server);
    }

    /// A flow in which the client said 100 bytes.
    FlowKey flow(Endpoint client, Endpoint server, String... identifiedBy) {
        return flow(client, server, 100, Optional.empty(), identifiedBy);
    }

    FlowKey flow(
            Endpoint client,
            Endpoint server,
            long bytesFromClient,
            Optional<Action> action,
            String... identifiedBy) {
        FlowKey key = key(client, server);
        flows.add(
                new FlowRecord(
                        key,
                        client,
                        server,
                        after(500),
                        after(1500),
                        new FlowRecord.Traffic(3, bytesFromClient),
                        new FlowRecord.Traffic(2, 0),
                        List.of(identifiedBy),
                        interference(action)));
        return key;
    }

    private static FlowRecord.Interference interference(Optional<Action> action) {
        int forged = action.orElse(null) instanceof Action.Reset ? 4 : 0;
        return new FlowRecord.Interference(action, forged, false, 0);
    }

    /// A connection of which both ends saw an end like this.
    void connection(Endpoint one, Ending oneEnding, Endpoint two, Ending twoEnding) {
        var here = Optional.of(new LinkLife(one, two, 0, 50, oneEnding));
        var there = Optional.of(new LinkLife(two, one, 0, 50, twoEnding));
        FlowKey key = key(one, two);
        boolean isLow = key.low().equals(one);
        connections.add(new Connection(key, isLow ? here : there, isLow ? there : here));
    }

    /// Three leechers verified 4,000,000 bytes in two seconds.
    TrialRecord record(double cpuShare, long forged) {
        return record(cpuShare, forged, 4_000_000);
    }

    TrialRecord record(double cpuShare, long forged, long verifiedBytes) {
        var course =
                new TrialRecord.Course(
                        START, 2, 3, verifiedBytes, List.of(), List.copyOf(connections), cpuShare);
        var counters = new BoxCounters(0, 0, Map.of(), forged, 0);
        var box = new BoxLog.Written(List.copyOf(events), List.copyOf(flows), counters);
        return new TrialRecord(course, truth, box);
    }

    TrialRecord record() {
        return record(0.5, 0);
    }

    @Override
    public void close() {
        List.of(seederHost, leecherHost, neighbourHost, trackerHost, peerHost, otherHost, webHost)
                .forEach(Host::close);
    }
}
