package dev.thistle.isp.box;

import dev.thistle.isp.packet.Packet;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A frame inside the box, in a buffer of its own, with what is known about it. Reused.
final class Parcel {

    /// Of an Ethernet header without tags.
    static final int LINK_BYTES = 14;

    final ByteBuffer frame;
    final Parcels home;

    /// When it leaves the queue it is in.
    long dueNanos;

    /// Where it came from: null for what the box made.
    @Nullable Host source;

    /// Where it goes.
    @Nullable Host target;

    /// Null until it was looked at, and for what is neither TCP nor UDP. Valid as long as `frame`.
    @Nullable Packet packet;

    /// The direction of the flow it belongs to; null where `packet` is, except for a forged reset.
    @Nullable Lane lane;

    /// Forged resets it stands for, which are written when they leave; 0 for a frame of a host.
    int resetCopies;

    Parcel(int bytes, Parcels home) {
        frame = ByteBuffer.allocate(bytes);
        this.home = home;
    }

    int ipBytes() {
        return frame.remaining() - LINK_BYTES;
    }

    /// Back to where it came from; not to be used any more.
    void release() {
        source = null;
        target = null;
        packet = null;
        lane = null;
        resetCopies = 0;
        home.put(this);
    }
}
