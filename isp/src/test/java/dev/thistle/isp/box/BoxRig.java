package dev.thistle.isp.box;

import static dev.thistle.isp.box.Segments.endpoint;

import dev.thistle.isp.box.Attachment.Side;
import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.policy.Policy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A box with two customers and two hosts outside, an invented clock, and everything it did.
final class BoxRig implements BoxWitness, Tap {

    static final Endpoint ALICE = endpoint("10.64.0.1", 1001);
    static final Endpoint BOB = endpoint("10.64.0.2", 1002);
    static final Endpoint OLGA = endpoint("10.128.0.1", 2001);
    static final Endpoint OTTO = endpoint("10.128.0.2", 2002);
    static final int ALICE_PORT = 11;
    static final int BOB_PORT = 12;
    static final int OLGA_PORT = 21;
    static final int OTTO_PORT = 22;

    /// Not 0, so that nothing relies on where the clock begins.
    static final long START = Long.MAX_VALUE - 5_000_000;

    final List<Sent> sent = new ArrayList<>();
    final List<BoxEvent> events = new ArrayList<>();
    final List<FlowRecord> flows = new ArrayList<>();
    final List<Seen> seen = new ArrayList<>();
    final Box box;
    long now = START;

    record Sent(long nanos, int port, ByteBuffer frame) {

        Packet packet() {
            return Segments.packet(frame);
        }
    }

    record Seen(Side side, boolean isForged, Packet packet) {}

    BoxRig(Policy policy, Detector... detectors) {
        this(LineProfile.OPEN, LineProfile.OPEN, policy, detectors);
    }

    BoxRig(LineProfile up, LineProfile down, Policy policy, Detector... detectors) {
        List<Attachment> hosts =
                List.of(
                        new Attachment.Customer(ALICE.address(), ALICE_PORT, up, down),
                        new Attachment.Customer(
                                BOB.address(), BOB_PORT, LineProfile.OPEN, LineProfile.OPEN),
                        new Attachment.Outside(OLGA.address(), OLGA_PORT),
                        new Attachment.Outside(OTTO.address(), OTTO_PORT));
        box =
                new Box(
                        new Box.Plan(hosts, policy, 1500),
                        List.of(detectors),
                        new Random(42),
                        this,
                        this);
    }

    static int port(Endpoint host) {
        return host.address().equals(ALICE.address())
                ? ALICE_PORT
                : host.address().equals(BOB.address())
                        ? BOB_PORT
                        : host.address().equals(OLGA.address()) ? OLGA_PORT : OTTO_PORT;
    }

    /// So long after the start; past the greatest number most often.
    static long after(long nanos) {
        return START + nanos;
    }

    /// Puts a frame in from where its source lives, now.
    void arrive(ByteBuffer frame) {
        box.receive(port(Segments.packet(frame).source()), frame, now);
    }

    /// As the live shell does: wakes the box whenever it asks for it, until so long from now.
    void pass(long nanos) {
        long end = now + nanos;
        while (true) {
            long wake = box.poll(now, (port, frame) -> sent.add(new Sent(now, port, copy(frame))));
            if (wake == Box.NEVER || wake - end > 0) {
                break;
            }
            now = wake;
        }
        now = end;
    }

    private static ByteBuffer copy(ByteBuffer frame) {
        return ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
    }

    void tcp(Endpoint from, Endpoint to, int sequence, int ack, int flags, int payloadBytes) {
        arrive(Segments.tcp(from, to, sequence, ack, flags, payloadBytes));
    }

    /// A connection from `client`, whose numbers begin at 1000, to `server`, whose begin at 5000.
    void handshake(Endpoint client, Endpoint server) {
        tcp(client, server, 999, 0, Packet.SYN, 0);
        pass(1);
        tcp(server, client, 4999, 1000, Packet.SYN | Packet.ACK, 0);
        pass(1);
        tcp(client, server, 1000, 5000, Packet.ACK, 0);
        pass(1);
    }

    List<Packet> sentTo(int port) {
        return sent.stream().filter(s -> s.port == port).map(Sent::packet).toList();
    }

    List<Packet> resetsTo(int port) {
        return sentTo(port).stream().filter(packet -> packet.has(Packet.RST)).toList();
    }

    @Override
    public void happened(BoxEvent event) {
        events.add(event);
    }

    @Override
    public void ended(FlowRecord flow) {
        flows.add(flow);
    }

    @Override
    public void frame(Side side, long nanos, boolean isForged, ByteBuffer frame) {
        seen.add(new Seen(side, isForged, Segments.packet(copy(frame))));
    }
}
