package dev.thistle.protocol.tracker.udp;

import java.nio.ByteBuffer;

/// The numbers by which datagrams say what they are (BEP 15).
final class UdpAction {

    static final int CONNECT = 0;
    static final int ANNOUNCE = 1;
    static final int SCRAPE = 2;

    /// In answers only.
    static final int REFUSAL = 3;

    private UdpAction() {}

    static String tooShort(String what, ByteBuffer in, int allowed) {
        return "%s: %d bytes, allowed from %d".formatted(what, in.remaining(), allowed);
    }
}
