package dev.thistle.isp.flow;

import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;

/// One conversation as an observer in the middle knows it: who opened it, how much went each way,
/// how it began, and which byte each end expects next. Owned by the thread of its table.
public final class Flow {

    private final FlowKey key;
    private final Endpoint client;
    private final boolean sawStart;
    private final long startNanos;
    private final Half fromClient = new Half();
    private final Half fromServer = new Half();
    private boolean handshakeDone;
    private long lastNanos;

    /// @param first the first packet seen of it; its sender counts as the client, unless it is the
    ///   second step of TCP's handshake
    Flow(FlowKey key, Packet first) {
        this.key = key;
        boolean isAnswer = first.has(Packet.SYN | Packet.ACK);
        client = isAnswer ? first.target() : first.source();
        sawStart = !first.isTcp() || (first.has(Packet.SYN) && !isAnswer);
        startNanos = first.nanos();
        lastNanos = startNanos;
    }

    void observe(Packet packet) {
        lastNanos = packet.nanos();
        boolean isFromClient = isFromClient(packet);
        Half half = isFromClient ? fromClient : fromServer;
        half.observe(packet);
        if (isFromClient && packet.has(Packet.ACK) && fromServer.hasBegun() && sawStart) {
            handshakeDone = true;
        }
    }

    public FlowKey key() {
        return key;
    }

    /// Who opened it, as far as was seen.
    public Endpoint client() {
        return client;
    }

    /// Who was called.
    public Endpoint server() {
        return client.equals(key.low()) ? key.high() : key.low();
    }

    public boolean isFromClient(Packet packet) {
        return packet.source().equals(client);
    }

    /// False for a flow that was under way when it was first seen.
    public boolean sawStart() {
        return sawStart;
    }

    /// TCP: both ends have answered each other.
    public boolean handshakeDone() {
        return handshakeDone;
    }

    public long startNanos() {
        return startNanos;
    }

    public long lastNanos() {
        return lastNanos;
    }

    /// What the client sent.
    public Half fromClient() {
        return fromClient;
    }

    /// What the server sent.
    public Half fromServer() {
        return fromServer;
    }

    /// What the sender of this packet has sent.
    public Half half(Packet packet) {
        return isFromClient(packet) ? fromClient : fromServer;
    }

    public long packets() {
        return fromClient.packets() + fromServer.packets();
    }

    public long payloadBytes() {
        return fromClient.payloadBytes() + fromServer.payloadBytes();
    }

    @Override
    public String toString() {
        return "%s %s > %s".formatted(key.transport(), client, server());
    }
}
