package dev.thistle.isp.box;

import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Subnet;
import java.nio.ByteBuffer;

/// Ethernet frames for tests, with checksums left at 0 because nothing inside the box looks at
/// them.
final class Segments {

    static final int SYN = Packet.SYN;
    static final int ACK = Packet.ACK;
    static final int RST = Packet.RST;
    static final byte[] LINK = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 8, 0};

    private Segments() {}

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(Subnet.parse(address).address(), port);
    }

    static ByteBuffer udp(Endpoint from, Endpoint to, int payloadBytes) {
        ByteBuffer frame = ip(from, to, 17, 8 + payloadBytes);
        frame.putShort((short) from.port()).putShort((short) to.port());
        frame.putShort((short) (8 + payloadBytes)).putShort((short) 0);
        return frame.position(0);
    }

    static ByteBuffer tcp(
            Endpoint from, Endpoint to, int sequence, int ack, int flags, int payloadBytes) {
        ByteBuffer frame = ip(from, to, 6, 20 + payloadBytes);
        frame.putShort((short) from.port()).putShort((short) to.port());
        frame.putInt(sequence).putInt(ack).put((byte) 0x50).put((byte) flags);
        frame.putShort((short) 65535);
        return frame.position(0);
    }

    private static ByteBuffer ip(Endpoint from, Endpoint to, int protocol, int bodyBytes) {
        ByteBuffer frame = ByteBuffer.allocate(34 + bodyBytes);
        frame.put(LINK).putShort((short) 0x4500).putShort((short) (20 + bodyBytes));
        frame.putShort((short) 7).putShort((short) 0x4000);
        frame.put((byte) 61).put((byte) protocol).putShort((short) 0);
        frame.putInt(from.address().v4Bits()).putInt(to.address().v4Bits());
        return frame;
    }

    static Packet packet(ByteBuffer frame) {
        Packet packet = Packet.read(0, frame.slice(14, frame.remaining() - 14));
        if (packet == null) {
            throw new AssertionError("no packet");
        }
        return packet;
    }
}
