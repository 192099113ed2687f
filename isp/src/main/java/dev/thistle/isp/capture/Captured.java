package dev.thistle.isp.capture;

import java.nio.ByteBuffer;

/// One packet out of a file.
///
/// @param nanos since 1970; 0 if the file does not say when
/// @param ip from the IP header on, as much as was captured; empty if the frame holds no IP. Valid
///   until the next packet is read
/// @param frameBytes of the frame as captured
/// @param isWhole whether the file has all bytes of the frame
public record Captured(long nanos, ByteBuffer ip, int frameBytes, boolean isWhole) {

    /// Finds the IP packet in a frame.
    static Captured of(long nanos, ByteBuffer frame, LinkType link, boolean isWhole) {
        int start = link.ipOffset(frame);
        boolean hasIp = start >= 0 && start <= frame.limit();
        ByteBuffer ip = hasIp ? frame.slice(start, frame.limit() - start) : ByteBuffer.allocate(0);
        return new Captured(nanos, ip, frame.limit(), isWhole);
    }
}
