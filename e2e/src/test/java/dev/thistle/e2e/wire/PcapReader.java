package dev.thistle.e2e.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads the classic pcap format, as `tcpdump -w` writes it, and keeps the TCP segments over IPv4.
///
/// ```
///   file:   magic 4 · version 4 · zone 4 · accuracy 4 · snap length 4 · link type 4
///   record: seconds 4 · fraction 4 · captured 4 · original 4 · the frame
/// ```
///
/// The magic number tells the byte order. A file that ends inside a record simply ends there: the
/// recorder was stopped while writing.
public final class PcapReader {

    private static final int MAGIC_MICROS = 0xa1b2c3d4;
    private static final int MAGIC_NANOS = 0xa1b23c4d;
    private static final int ETHERNET = 1;
    private static final int ETHERNET_HEADER = 14;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int PROTOCOL_TCP = 6;

    /// tcpdump's own largest frame (`-s 0`).
    private static final int MAX_FRAME_BYTES = 262_144;

    private final DataInputStream in;

    public PcapReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /// Hands every TCP segment to `taker`, to the end of the stream.
    ///
    /// @throws IOException if this is no pcap of Ethernet frames
    public void forEach(Consumer<Packet> taker) throws IOException {
        byte[] header = in.readNBytes(24);
        if (header.length < 24) {
            return; // stopped before it wrote anything
        }
        ByteOrder order = order(ByteBuffer.wrap(header).getInt());
        int linkType = ByteBuffer.wrap(header).order(order).getInt(20);
        if (linkType != ETHERNET) {
            throw new IOException("pcap of link type " + linkType + ", only Ethernet (1) is read");
        }
        while (true) {
            byte[] record = in.readNBytes(16);
            if (record.length < 16) {
                return;
            }
            int captured = ByteBuffer.wrap(record).order(order).getInt(8);
            int original = ByteBuffer.wrap(record).order(order).getInt(12);
            if (captured < 0 || captured > MAX_FRAME_BYTES || captured != original) {
                throw new IOException(
                        "pcap record of %d of %d bytes, allowed 0..%d and whole"
                                .formatted(captured, original, MAX_FRAME_BYTES));
            }
            var frame = new byte[captured];
            try {
                in.readFully(frame);
            } catch (EOFException e) {
                return;
            }
            packet(ByteBuffer.wrap(frame)).ifPresent(taker);
        }
    }

    private static ByteOrder order(int magic) throws IOException {
        if (magic == MAGIC_MICROS || magic == MAGIC_NANOS) {
            return ByteOrder.BIG_ENDIAN;
        }
        int swapped = Integer.reverseBytes(magic);
        if (swapped == MAGIC_MICROS || swapped == MAGIC_NANOS) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        throw new IOException("not a pcap: magic number %08x".formatted(magic));
    }

    private static Optional<Packet> packet(ByteBuffer frame) throws IOException {
        if (frame.remaining() < ETHERNET_HEADER + 40
                || frame.getShort(12) != ETHERTYPE_IPV4
                || frame.get(ETHERNET_HEADER + 9) != PROTOCOL_TCP) {
            return Optional.empty();
        }
        ByteBuffer ip = frame.slice(ETHERNET_HEADER, frame.remaining() - ETHERNET_HEADER);
        int ipHeader = (ip.get(0) & 0x0f) * 4;
        int total = Short.toUnsignedInt(ip.getShort(2));
        // Offloading leaves 0 in the length of a segment of more than 64 KiB.
        ip.limit(total == 0 ? ip.limit() : Math.min(total, ip.limit()));
        ByteBuffer tcp = ip.slice(ipHeader, ip.limit() - ipHeader);
        int tcpHeader = (tcp.get(12) >> 4 & 0x0f) * 4;
        byte flags = tcp.get(13);
        return Optional.of(
                new Packet(
                        new InetSocketAddress(
                                address(ip, 12), Short.toUnsignedInt(tcp.getShort(0))),
                        new InetSocketAddress(
                                address(ip, 16), Short.toUnsignedInt(tcp.getShort(2))),
                        tcp.getInt(4),
                        (flags & 0x02) != 0,
                        (flags & 0x10) != 0,
                        tcp.slice(tcpHeader, tcp.limit() - tcpHeader)));
    }

    private static InetAddress address(ByteBuffer ip, int offset) throws IOException {
        var bytes = new byte[4];
        ip.get(offset, bytes);
        return InetAddress.getByAddress(bytes);
    }
}
