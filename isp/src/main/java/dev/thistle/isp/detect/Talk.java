package dev.thistle.isp.detect;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What both ends of a TCP flow have said so far, each in order: what a rule looks at.
///
/// @param client the first bytes of who opened the flow
/// @param server the first bytes of who was called
record Talk(ByteBuffer client, ByteBuffer server) {

    /// A talk before and after a packet. Rules are asked about both, so that what the packet
    /// completed is found without a note about every flow.
    record Grown(Talk before, Talk after) {}

    /// As if the other end had called.
    Talk reversed() {
        return new Talk(/* client= */ server, /* server= */ client);
    }

    /// Nothing if the packet brought no byte that a rule has not seen.
    static Optional<Grown> by(Packet packet, Flow flow) {
        var half = flow.half(packet);
        if (!packet.isTcp() || half.prefixBytes() == half.prefixBytesBefore()) {
            return Optional.empty();
        }
        var after = new Talk(flow.fromClient().prefix(), flow.fromServer().prefix());
        ByteBuffer shorter = half.prefix().slice(0, half.prefixBytesBefore());
        var before =
                flow.isFromClient(packet)
                        ? new Talk(shorter, after.server)
                        : new Talk(after.client, shorter);
        return Optional.of(new Grown(before, after));
    }
}
