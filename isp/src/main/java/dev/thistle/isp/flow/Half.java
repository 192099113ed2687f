package dev.thistle.isp.flow;

import dev.thistle.isp.packet.Packet;
import java.nio.ByteBuffer;

/// One direction of a flow: counts, the first bytes in their order, and TCP's place in it.
public final class Half {

    /// Enough for every first flight that a detector looks at, and for a tracker's answer of 200
    /// peers with headers.
    public static final int PREFIX_BYTES = 8192;

    private final Prefix prefix = new Prefix(PREFIX_BYTES);
    private boolean begun;
    private long packets;
    private long payloadBytes;
    private int nextSequence;
    private int prefixBytesBefore;

    void observe(Packet packet) {
        prefixBytesBefore = prefix.length();
        packets++;
        payloadBytes += packet.payloadBytes();
        if (!packet.isTcp()) {
            prefix.append(packet.payload());
            begun = true;
            return;
        }
        int syn = packet.has(Packet.SYN) ? 1 : 0;
        int first = packet.sequence() + syn;
        if (!begun) {
            begun = true;
            nextSequence = first;
            prefix.begin(first);
        }
        prefix.put(first, packet.payload());
        int end = first + packet.payloadBytes() + (packet.has(Packet.FIN) ? 1 : 0);
        boolean isBelievable = !packet.has(Packet.RST); // forged ones bring numbers of their own
        if (isBelievable && end - nextSequence > 0) {
            nextSequence = end;
        }
    }

    /// Whether a SYN with this number is the one that began this direction, sent again.
    boolean beganWith(int synSequence) {
        return begun && prefix.beginsAt(synSequence + 1);
    }

    /// Whether any packet was seen.
    public boolean hasBegun() {
        return begun;
    }

    public long packets() {
        return packets;
    }

    /// Of TCP or UDP, what was sent twice included.
    public long payloadBytes() {
        return payloadBytes;
    }

    /// TCP: the number after the last byte seen, which is what the other end expects once all has
    /// arrived.
    public int nextSequence() {
        return nextSequence;
    }

    /// How long [#prefix] is.
    public int prefixBytes() {
        return prefix.length();
    }

    /// How long [#prefix] was before the last packet of this direction: equal to [#prefixBytes] if
    /// that packet brought nothing new.
    public int prefixBytesBefore() {
        return prefixBytesBefore;
    }

    /// The first bytes, in order and without gaps: up to [#PREFIX_BYTES]. A read-only view, valid
    /// until the next packet of the flow.
    public ByteBuffer prefix() {
        return prefix.view();
    }
}
