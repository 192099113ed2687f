package dev.thistle.isp.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// An IPv4 or IPv6 address as two numbers: cheap to make, to compare and to use as a key. IPv4
/// stands in its IPv6 form `::ffff:a.b.c.d`.
///
/// @param high the first eight bytes
/// @param low the last eight bytes
public record Address(long high, long low) {

    private static final long V4_PREFIX = 0xFFFF_0000_0000L;

    public static Address v4(int bits) {
        return new Address(0, V4_PREFIX | Integer.toUnsignedLong(bits));
    }

    /// Takes the bytes as they stand in packets.
    ///
    /// @param bytes 4 or 16 of them
    public static Address of(byte[] bytes) {
        ByteBuffer view = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case 4 -> v4(view.getInt());
            case 16 -> new Address(view.getLong(), view.getLong());
            default ->
                    throw new IllegalArgumentException(
                            "address of %d bytes, allowed 4 or 16".formatted(bytes.length));
        };
    }

    public boolean isV4() {
        return high == 0 && (low & 0xFFFF_FFFF_0000_0000L) == V4_PREFIX;
    }

    /// The four bytes of an IPv4 address.
    public int v4Bits() {
        return (int) low;
    }

    /// 4 or 16 bytes.
    public byte[] bytes() {
        return isV4()
                ? ByteBuffer.allocate(4).putInt(v4Bits()).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /// As it is usually written: `10.1.0.1`, `2001:db8::1`.
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(bytes()).getHostAddress();
        } catch (UnknownHostException length) {
            throw new IllegalStateException(length); // 4 or 16 bytes by construction
        }
    }
}
