package dev.thistle.isp.flow;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/// The first bytes of a direction of TCP, put in order by sequence number: what comes early waits
/// in its place, what comes twice is left as it came first. Bounded by its capacity.
final class Prefix {

    private static final int FIRST_ROOM = 512;

    private final int capacity;
    private byte[] bytes = new byte[0];
    private final BitSet there = new BitSet();
    private int origin;
    private int contiguous;

    Prefix(int capacity) {
        this.capacity = capacity;
    }

    /// @param sequence of the first byte
    void begin(int sequence) {
        origin = sequence;
    }

    /// For datagrams, which have no numbers.
    void append(ByteBuffer data) {
        put(origin + contiguous, data);
    }

    void put(int sequence, ByteBuffer data) {
        int distance = sequence - origin; // numbers wrap around; the difference is what counts
        long offset = distance;
        if (contiguous == capacity || offset >= capacity) {
            return;
        }
        long again = Math.max(0, contiguous - offset); // sent again, or from before the start
        if (again >= data.remaining()) {
            return;
        }
        int skipped = (int) again;
        int from = (int) offset + skipped;
        int length = Math.min(data.remaining() - skipped, capacity - from);
        makeRoom(from + length);
        for (int i = 0; i < length; i++) {
            if (!there.get(from + i)) {
                bytes[from + i] = data.get(data.position() + skipped + i);
            }
        }
        there.set(from, from + length);
        contiguous = there.nextClearBit(contiguous);
    }

    private void makeRoom(int length) {
        if (length > bytes.length) {
            int doubled = Math.max(FIRST_ROOM, 2 * bytes.length);
            bytes = Arrays.copyOf(bytes, Math.min(capacity, Math.max(length, doubled)));
        }
    }

    int length() {
        return contiguous;
    }

    /// @param sequence of a packet that may be the first once more
    boolean beginsAt(int sequence) {
        return origin == sequence;
    }

    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, contiguous).slice().asReadOnlyBuffer();
    }
}
