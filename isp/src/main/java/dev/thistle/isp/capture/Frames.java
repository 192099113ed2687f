package dev.thistle.isp.capture;

import java.nio.ByteBuffer;

/// From frames of a link to packets of IP.
final class Frames {

    private Frames() {}

    static Captured captured(long nanos, ByteBuffer frame, LinkType link, boolean isWhole) {
        int start = link.ipOffset(frame);
        boolean hasIp = start >= 0 && start <= frame.limit();
        ByteBuffer ip = hasIp ? frame.slice(start, frame.limit() - start) : ByteBuffer.allocate(0);
        return new Captured(nanos, ip, frame.limit(), isWhole);
    }
}
