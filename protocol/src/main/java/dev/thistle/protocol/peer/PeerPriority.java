package dev.thistle.protocol.peer;

import dev.thistle.protocol.PeerAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// How much two peers should want to be connected (BEP 40): a number that follows from both
/// addresses, the same at both ends, so that neither can be talked into preferring somebody. When
/// all peers keep their best connections, the swarm becomes a random graph.
///
/// CRC-32C of both addresses, the smaller one first, after masking: of addresses that have little
/// in common only the upper half counts in full.
public final class PeerPriority {

    private static final byte HALF = 0x55;

    private PeerPriority() {}

    /// From 0 to 2^32 - 1; greater is better.
    ///
    /// @param a an address of the same family as `b`
    public static long between(PeerAddress a, PeerAddress b) {
        byte[] first = a.ip();
        byte[] second = b.ip();
        if (first.length != second.length) {
            throw new IllegalArgumentException("%s and %s: two families".formatted(a, b));
        }
        var crc = new CRC32C();
        if (Arrays.equals(first, second)) {
            int low = Math.min(a.port(), b.port());
            int high = Math.max(a.port(), b.port());
            crc.update(ByteBuffer.allocate(4).putShort((short) low).putShort((short) high).flip());
            return crc.getValue();
        }
        int whole = wholeBytes(Arrays.mismatch(first, second), first.length);
        for (int i = whole; i < first.length; i++) {
            first[i] &= HALF;
            second[i] &= HALF;
        }
        boolean inOrder = Arrays.compareUnsigned(first, second) <= 0;
        crc.update(inOrder ? first : second);
        crc.update(inOrder ? second : first);
        return crc.getValue();
    }

    /// How many bytes count in full: IPv4 two, and one more for each equal byte from the second on;
    /// IPv6 six, and one more for each equal byte from the sixth on.
    ///
    /// @param equal how many leading bytes the addresses have in common
    private static int wholeBytes(int equal, int length) {
        int usual = length == 4 ? 2 : 6;
        return equal < usual ? usual : Math.min(equal + 1, length);
    }
}
