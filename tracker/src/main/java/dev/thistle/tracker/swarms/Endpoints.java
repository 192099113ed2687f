package dev.thistle.tracker.swarms;

import dev.thistle.protocol.PeerAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What a packed address and port (6 or 18 bytes) is worth as a hash. The salt is secret, so nobody
/// can choose addresses that collide.
final class Endpoints {

    private Endpoints() {}

    static byte[] of(PeerAddress address) {
        var out = ByteBuffer.allocate(address.compactBytes());
        address.writeTo(out);
        return out.array();
    }

    static boolean same(byte[] table, int offset, byte[] endpoint, int length) {
        return Arrays.equals(table, offset, offset + length, endpoint, 0, length);
    }

    static int portAt(byte[] table, int offset, int entryBytes) {
        int at = offset + entryBytes - Short.BYTES;
        return (table[at] & 0xFF) << 8 | (table[at + 1] & 0xFF);
    }

    /// 127.x or ::1: this machine, to which no limit per address applies.
    static boolean isLoopback(byte[] table, int offset, int entryBytes) {
        if (entryBytes == PeerAddress.V4_BYTES) {
            return table[offset] == 127;
        }
        for (int k = 0; k < 15; k++) {
            if (table[offset + k] != 0) {
                return false;
            }
        }
        return table[offset + 15] == 1;
    }

    static long hash(byte[] table, int offset, int length, long salt) {
        long hash = salt;
        for (int k = 0; k < length; k++) {
            hash = (hash ^ (table[offset + k] & 0xFF)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 29;
        }
        hash *= 0xBF58_476D_1CE4_E5B9L;
        return hash ^ (hash >>> 32);
    }
}
