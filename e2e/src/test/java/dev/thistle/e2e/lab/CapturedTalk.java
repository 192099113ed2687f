package dev.thistle.e2e.lab;

import dev.thistle.e2e.wire.Conversation;
import dev.thistle.e2e.wire.Conversations;
import dev.thistle.isp.capture.CaptureReader;
import dev.thistle.isp.capture.Captured;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// What was said on the TCP connections of a capture file.
public final class CapturedTalk {

    private CapturedTalk() {}

    /// All connections that have this port at one end.
    public static List<Conversation> with(int port, Path file) throws IOException {
        var conversations = new Conversations();
        try (var capture = CaptureReader.open(file)) {
            for (Captured next = capture.next(); next != null; next = capture.next()) {
                Packet packet = Packet.readBeginning(next.nanos(), next.ip());
                if (packet != null
                        && packet.isTcp()
                        && (packet.source().port() == port || packet.target().port() == port)) {
                    conversations.add(segment(packet));
                }
            }
        }
        return conversations.all();
    }

    private static dev.thistle.e2e.wire.Packet segment(Packet packet) throws IOException {
        return new dev.thistle.e2e.wire.Packet(
                socket(packet.source()),
                socket(packet.target()),
                packet.sequence(),
                packet.has(Packet.SYN),
                packet.has(Packet.ACK),
                packet.payload());
    }

    private static InetSocketAddress socket(Endpoint endpoint) throws IOException {
        return new InetSocketAddress(
                InetAddress.getByAddress(endpoint.address().bytes()), endpoint.port());
    }
}
