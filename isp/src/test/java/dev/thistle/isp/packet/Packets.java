package dev.thistle.isp.packet;

import java.nio.ByteBuffer;
import java.util.Objects;

/// Packets of TCP and UDP for tests, written byte by byte. Checksums are left zero: nobody here
/// looks at them.
public final class Packets {

    private Packets() {}

    public static Endpoint endpoint(String address, int port) {
        return new Endpoint(Subnet.parse(address).address(), port);
    }

    public static Packet tcp(
            long nanos, Endpoint from, Endpoint to, int flags, int sequence, byte[] payload) {
        byte[] ip = tcpBytes(from, to, flags, sequence, 1, payload);
        return Objects.requireNonNull(Packet.read(nanos, ByteBuffer.wrap(ip)));
    }

    public static Packet udp(long nanos, Endpoint from, Endpoint to, byte[] payload) {
        byte[] ip = udpBytes(from, to, payload);
        return Objects.requireNonNull(Packet.read(nanos, ByteBuffer.wrap(ip)));
    }

    public static byte[] tcpBytes(
            Endpoint from, Endpoint to, int flags, int sequence, int acknowledged, byte[] payload) {
        return ip(from, to, 6, 20 + payload.length)
                .putShort((short) from.port())
                .putShort((short) to.port())
                .putInt(sequence)
                .putInt(acknowledged)
                .put((byte) (5 << 4))
                .put((byte) flags)
                .putShort((short) 512)
                .putInt(0)
                .put(payload)
                .array();
    }

    public static byte[] udpBytes(Endpoint from, Endpoint to, byte[] payload) {
        return ip(from, to, 17, 8 + payload.length)
                .putShort((short) from.port())
                .putShort((short) to.port())
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    private static ByteBuffer ip(Endpoint from, Endpoint to, int protocol, int length) {
        return from.address().isV4()
                ? ByteBuffer.allocate(20 + length)
                        .put((byte) 0x45)
                        .put((byte) 0)
                        .putShort((short) (20 + length))
                        .putInt(0)
                        .put((byte) 64)
                        .put((byte) protocol)
                        .putShort((short) 0)
                        .put(from.address().bytes())
                        .put(to.address().bytes())
                : ByteBuffer.allocate(40 + length)
                        .putInt(6 << 28)
                        .putShort((short) length)
                        .put((byte) protocol)
                        .put((byte) 64)
                        .put(from.address().bytes())
                        .put(to.address().bytes());
    }
}
