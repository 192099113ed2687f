package dev.thistle.isp.packet;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One TCP or UDP packet over IPv4 or IPv6, as it passes an observer.
///
/// Headers are read once, when it is made; the payload is a view of the bytes it was made from and
/// is valid as long as those are. Nothing here trusts a length field: what does not fit is no
/// packet of ours.
public final class Packet {

    /// Which of the two.
    public enum Transport {
        TCP,
        UDP
    }

    // TCP's flags, for #has.
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;

    private static final int IP_TCP = 6;
    private static final int IP_UDP = 17;
    private static final int V4_HEADER = 20;
    private static final int V6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;

    private final long nanos;
    private final Transport transport;
    private final Endpoint source;
    private final Endpoint target;
    private final int ttl;
    private final int ipBytes;
    private final int flags;
    private final int sequence;
    private final int acknowledged;
    private final int window;
    private final int payloadBytes;
    private final ByteBuffer payload;

    private Packet(long nanos, ByteBuffer ip, Addresses addresses, Transport transport, int start) {
        this.nanos = nanos;
        this.transport = transport;
        source = new Endpoint(addresses.source, Short.toUnsignedInt(ip.getShort(start)));
        target = new Endpoint(addresses.target, Short.toUnsignedInt(ip.getShort(start + 2)));
        ttl = addresses.ttl;
        ipBytes = addresses.end - ip.position();
        int body;
        if (transport == Transport.TCP) {
            sequence = ip.getInt(start + 4);
            acknowledged = ip.getInt(start + 8);
            flags = Byte.toUnsignedInt(ip.get(start + 13));
            window = Short.toUnsignedInt(ip.getShort(start + 14));
            body = start + tcpHeaderBytes(ip, start);
        } else {
            sequence = 0;
            acknowledged = 0;
            flags = 0;
            window = 0;
            body = start + UDP_HEADER;
        }
        payloadBytes = addresses.end - body;
        int there = Math.min(addresses.end, ip.limit());
        payload = ip.slice(body, there - body).asReadOnlyBuffer();
    }

    /// What both versions of IP say. `end` is where the packet ends in its buffer, or would end if
    /// it was captured whole.
    private record Addresses(Address source, Address target, int ttl, int protocol, int end) {}

    private static int tcpHeaderBytes(ByteBuffer ip, int start) {
        return (Byte.toUnsignedInt(ip.get(start + 12)) >> 4) * 4;
    }

    /// Reads the packet that begins at the position of `ip`, which is not moved.
    ///
    /// @param nanos when it passed; monotonic, only differences mean anything
    /// @return null for what is not TCP or UDP, is a fragment, or is cut short
    public static @Nullable Packet read(long nanos, ByteBuffer ip) {
        return read(nanos, ip, false);
    }

    /// As [#read], of a packet of which a capture may have kept the beginning alone: its counts are
    /// of the packet as it passed, and only its payload is short.
    ///
    /// @return null also for what ends within the headers
    public static @Nullable Packet readBeginning(long nanos, ByteBuffer ip) {
        return read(nanos, ip, true);
    }

    private static @Nullable Packet read(long nanos, ByteBuffer ip, boolean mayBeCut) {
        int at = ip.position();
        if (ip.remaining() < V4_HEADER) {
            return null;
        }
        int version = Byte.toUnsignedInt(ip.get(at)) >> 4;
        int headerBytes = version == 4 ? (ip.get(at) & 0xF) * 4 : V6_HEADER;
        Addresses addresses =
                switch (version) {
                    case 4 -> v4(ip, at, headerBytes);
                    case 6 -> v6(ip, at);
                    default -> null;
                };
        if (addresses == null || (addresses.end > ip.limit() && !mayBeCut)) {
            return null;
        }
        int start = at + headerBytes;
        int room = Math.min(addresses.end, ip.limit()) - start;
        return switch (addresses.protocol) {
            case IP_TCP ->
                    room < TCP_HEADER
                                    || tcpHeaderBytes(ip, start) < TCP_HEADER
                                    || tcpHeaderBytes(ip, start) > room
                            ? null
                            : new Packet(nanos, ip, addresses, Transport.TCP, start);
            case IP_UDP ->
                    room < UDP_HEADER
                            ? null
                            : new Packet(nanos, ip, addresses, Transport.UDP, start);
            default -> null;
        };
    }

    private static @Nullable Addresses v4(ByteBuffer ip, int at, int headerBytes) {
        int total = Short.toUnsignedInt(ip.getShort(at + 2));
        boolean isFragment = (ip.getShort(at + 6) & 0x3FFF) != 0;
        if (headerBytes < V4_HEADER || total < headerBytes || isFragment) {
            return null;
        }
        return new Addresses(
                Address.v4(ip.getInt(at + 12)),
                Address.v4(ip.getInt(at + 16)),
                Byte.toUnsignedInt(ip.get(at + 8)),
                Byte.toUnsignedInt(ip.get(at + 9)),
                at + total);
    }

    /// Extension headers are not walked: what has some is no packet of ours.
    private static @Nullable Addresses v6(ByteBuffer ip, int at) {
        if (ip.remaining() < V6_HEADER) {
            return null;
        }
        int total = V6_HEADER + Short.toUnsignedInt(ip.getShort(at + 4));
        return new Addresses(
                new Address(ip.getLong(at + 8), ip.getLong(at + 16)),
                new Address(ip.getLong(at + 24), ip.getLong(at + 32)),
                Byte.toUnsignedInt(ip.get(at + 7)),
                Byte.toUnsignedInt(ip.get(at + 6)),
                at + total);
    }

    public long nanos() {
        return nanos;
    }

    public Transport transport() {
        return transport;
    }

    public boolean isTcp() {
        return transport == Transport.TCP;
    }

    public Endpoint source() {
        return source;
    }

    public Endpoint target() {
        return target;
    }

    public int ttl() {
        return ttl;
    }

    /// Of the whole packet, IP header included.
    public int ipBytes() {
        return ipBytes;
    }

    /// Whether all of these flags of TCP are set; false for UDP.
    public boolean has(int wanted) {
        return (flags & wanted) == wanted && wanted != 0;
    }

    /// TCP's number of the first byte (or of SYN); 0 for UDP.
    public int sequence() {
        return sequence;
    }

    /// What TCP's sender expects next; only with [#ACK].
    public int acknowledged() {
        return acknowledged;
    }

    /// As it stands in the header, unscaled.
    public int window() {
        return window;
    }

    /// As the packet passed, whether or not all of it was captured.
    public int payloadBytes() {
        return payloadBytes;
    }

    /// A view of its own, valid as long as the bytes the packet was read from; shorter than
    /// [#payloadBytes] if the capture is.
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    @Override
    public String toString() {
        return "%s %s > %s, %d bytes".formatted(transport, source, target, payloadBytes);
    }
}
