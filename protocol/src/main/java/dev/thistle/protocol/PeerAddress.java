package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// Where a peer listens: an IPv4 or IPv6 address and a port. Our own value, because the JDK's
/// addresses may look names up and this module must not.
///
/// Compact form (BEP 23, BEP 7): the 4 or 16 address bytes, then the port, big-endian.
public final class PeerAddress {

    /// Compact length of an IPv4 address and port.
    public static final int V4_BYTES = 6;

    /// Compact length of an IPv6 address and port.
    public static final int V6_BYTES = 18;

    private final byte[] ip;
    private final int port;

    private PeerAddress(byte[] ip, int port) {
        this.ip = ip;
        this.port = port;
    }

    /// Puts an address and a port together.
    ///
    /// @param ip 4 or 16 bytes
    /// @param port 0 to 65535
    public static PeerAddress of(byte[] ip, int port) {
        if (ip.length != 4 && ip.length != 16) {
            throw new IllegalArgumentException(
                    "address of %d bytes, allowed 4 or 16".formatted(ip.length));
        }
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port %d, allowed 0..65535".formatted(port));
        }
        return new PeerAddress(ip.clone(), port);
    }

    /// Reads one compact entry of `entryBytes` (6 or 18) bytes and advances `source`.
    public static PeerAddress read(ByteBuffer source, int entryBytes) {
        byte[] ip = new byte[entryBytes - Short.BYTES];
        source.get(ip);
        return of(ip, Short.toUnsignedInt(source.getShort()));
    }

    public boolean isV4() {
        return ip.length == 4;
    }

    /// A copy of the 4 or 16 address bytes.
    public byte[] ip() {
        return ip.clone();
    }

    public int port() {
        return port;
    }

    /// 6 or 18.
    public int compactBytes() {
        return ip.length + Short.BYTES;
    }

    /// Appends the compact form to `target`.
    public void writeTo(ByteBuffer target) {
        target.put(ip).putShort((short) port);
    }

    /// Could a peer be reached here? Refuses port 0, `0.x`, multicast and broadcast, and the
    /// unspecified and multicast addresses of IPv6. Loopback and private addresses pass.
    public boolean isDialable() {
        if (port == 0) {
            return false;
        }
        int first = Byte.toUnsignedInt(ip[0]);
        if (isV4()) {
            return first != 0 && first < 224;
        }
        return first != 0xFF && !Arrays.equals(ip, new byte[16]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerAddress that && port == that.port && Arrays.equals(ip, that.ip);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ip) + port;
    }

    /// `203.0.113.7:6881` or `[2001:0db8:0000:0000:0000:0000:0000:0001]:6881`.
    @Override
    public String toString() {
        if (isV4()) {
            return "%d.%d.%d.%d:%d"
                    .formatted(ip[0] & 0xFF, ip[1] & 0xFF, ip[2] & 0xFF, ip[3] & 0xFF, port);
        }
        var text = new StringBuilder("[");
        for (int group = 0; group < 16; group += 2) {
            text.append(group == 0 ? "" : ":")
                    .append(HexFormat.of().formatHex(ip, group, group + 2));
        }
        return text.append("]:").append(port).toString();
    }
}
