package dev.thistle.isp.box;

import dev.thistle.isp.flow.Half;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One direction of a flow through the box: what its frames look like, which byte their receiver
/// expects next, and the throttle of its own if it has one.
final class Lane {

    final Dossier dossier;
    final Endpoint from;
    final Endpoint to;
    final ReceiverPlace place = new ReceiverPlace();
    private final ByteBuffer link = ByteBuffer.allocate(Parcel.LINK_BYTES);
    private int ttl;

    /// Where it leads; null until a frame has passed.
    @Nullable Host target;

    /// Null until the flow is throttled by itself.
    @Nullable Throttle throttle;

    Lane(Dossier dossier, Endpoint from, Endpoint to) {
        this.dossier = dossier;
        this.from = from;
        this.to = to;
    }

    /// Learns from a frame what a forged one has to look like.
    void learn(Parcel parcel, Packet packet) {
        if (target == null) {
            link.put(0, parcel.frame, 0, Parcel.LINK_BYTES);
            target = parcel.target;
        }
        ttl = packet.ttl();
    }

    Lane opposite() {
        return this == dossier.toServer ? dossier.toClient : dossier.toServer;
    }

    /// What its sender has sent.
    Half sent() {
        return this == dossier.toServer ? dossier.flow.fromClient() : dossier.flow.fromServer();
    }

    boolean canReset() {
        return target != null && place.isKnown();
    }

    /// Writes a reset for the receiver as it is placed now.
    void writeReset(ResetForge forge, ByteBuffer out) {
        int acknowledged = opposite().sent().nextSequence();
        var reset =
                new ResetForge.Reset(
                        from, to, place.expected(), acknowledged, ResetForge.Kind.PLAIN, ttl);
        forge.write(reset, link, out);
    }
}
