package dev.thistle.isp.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Two ends of a TCP connection and their sequence numbers, for tests: each call gives the packets
/// that an observer would see, a millisecond apart.
public final class Conversation {

    public static final int SEGMENT_BYTES = 1448;

    private static final long STEP_NANOS = 1_000_000;

    private final Endpoint client;
    private final Endpoint server;
    private int clientNext = 0xFFFF_FF00; // wraps around soon, as numbers do
    private int serverNext = 7_000;
    private long nanos;

    public Conversation(String client, int clientPort, String server, int serverPort) {
        this.client = Packets.endpoint(client, clientPort);
        this.server = Packets.endpoint(server, serverPort);
    }

    public Conversation at(long startNanos) {
        nanos = startNanos;
        return this;
    }

    public long nanos() {
        return nanos;
    }

    /// SYN, SYN-ACK, ACK.
    public List<Packet> open() {
        var packets = new ArrayList<Packet>();
        packets.add(packet(true, Packet.SYN, clientNext++, new byte[0]));
        packets.add(packet(false, Packet.SYN | Packet.ACK, serverNext++, new byte[0]));
        packets.add(packet(true, Packet.ACK, clientNext, new byte[0]));
        return packets;
    }

    /// What the client says, in segments.
    public List<Packet> say(byte[] bytes) {
        return say(bytes, SEGMENT_BYTES);
    }

    public List<Packet> say(byte[] bytes, int segmentBytes) {
        return segments(true, bytes, segmentBytes);
    }

    /// What the server says, in segments.
    public List<Packet> answer(byte[] bytes) {
        return segments(false, bytes, SEGMENT_BYTES);
    }

    public List<Packet> answer(byte[] bytes, int segmentBytes) {
        return segments(false, bytes, segmentBytes);
    }

    private List<Packet> segments(boolean fromClient, byte[] bytes, int segmentBytes) {
        var packets = new ArrayList<Packet>();
        for (int at = 0; at < bytes.length; at += segmentBytes) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + segmentBytes));
            int sequence = fromClient ? clientNext : serverNext;
            packets.add(packet(fromClient, Packet.ACK | Packet.PSH, sequence, part));
            if (fromClient) {
                clientNext += part.length;
            } else {
                serverNext += part.length;
            }
        }
        return packets;
    }

    private Packet packet(boolean fromClient, int flags, int sequence, byte[] payload) {
        nanos += STEP_NANOS;
        return Packets.tcp(
                nanos,
                fromClient ? client : server,
                fromClient ? server : client,
                flags,
                sequence,
                payload);
    }
}
