package dev.thistle.net.linux;

import java.nio.ByteBuffer;

/// RFC 1071, for checking what the kernel sends.
final class Checksums {

    private Checksums() {}

    /// @param packet an IPv4 packet with TCP or UDP in it
    static boolean areRight(ByteBuffer packet) {
        int header = (packet.get(0) & 15) * 4;
        int total = packet.getShort(2) & 0xFFFF;
        long pseudo = (packet.get(9) & 0xFF) + (total - header) + sum(packet, 12, 20);
        return fold(sum(packet, 0, header)) == 0xFFFF
                && fold(pseudo + sum(packet, header, total)) == 0xFFFF;
    }

    private static long sum(ByteBuffer bytes, int from, int to) {
        long sum = 0;
        for (int i = from; i + 1 < to; i += 2) {
            sum += bytes.getShort(i) & 0xFFFF;
        }
        return (to - from) % 2 == 0 ? sum : sum + ((bytes.get(to - 1) & 0xFF) << 8);
    }

    private static long fold(long sum) {
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }
}
