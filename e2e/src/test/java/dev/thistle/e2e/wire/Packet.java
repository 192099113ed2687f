package dev.thistle.e2e.wire;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// One TCP segment over IPv4.
///
/// @param sequence of its first byte, or of the SYN, unsigned 32 bit
/// @param payload a view, valid until the next packet is read
public record Packet(
        InetSocketAddress from,
        InetSocketAddress to,
        int sequence,
        boolean syn,
        boolean ack,
        ByteBuffer payload) {}
