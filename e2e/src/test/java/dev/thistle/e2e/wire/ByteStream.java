package dev.thistle.e2e.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// One direction of a TCP connection: segments in, the bytes in order out. Repeated segments count
/// once; after a gap nothing is known.
final class ByteStream {

    /// What is kept of one direction. The proofs need the first KiB and some blocks of 16 KiB.
    static final int MAX_BYTES = 8 << 20;

    private final int initialSequence;
    private final TreeMap<Integer, byte[]> ahead = new TreeMap<>();
    private byte[] bytes = new byte[1024];
    private int length;

    /// @param initialSequence that of the SYN; the first byte has the next number
    ByteStream(int initialSequence) {
        this.initialSequence = initialSequence;
    }

    void add(int sequence, ByteBuffer payload) {
        int offset = sequence - initialSequence - 1;
        if (!payload.hasRemaining() || offset < 0 || offset >= MAX_BYTES) {
            return;
        }
        var segment = new byte[Math.min(payload.remaining(), MAX_BYTES - offset)];
        payload.get(payload.position(), segment);
        ahead.merge(offset, segment, (a, b) -> a.length >= b.length ? a : b);
        for (Map.Entry<Integer, byte[]> next = ahead.firstEntry();
                next != null && next.getKey() <= length;
                next = ahead.firstEntry()) {
            append(next.getKey(), next.getValue());
            ahead.pollFirstEntry();
        }
    }

    private void append(int offset, byte[] segment) {
        int end = offset + segment.length;
        if (end <= length) {
            return;
        }
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        System.arraycopy(segment, length - offset, bytes, length, end - length);
        length = end;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }
}
