package dev.thistle.engine.peers;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/// Off-heap buffers for the ends of connections, used again when a connection ends. Thread-safe;
/// one a session.
public final class BufferPool {

    /// Seven blocks and their heads: large enough that system calls are few, small enough that
    /// bytes are still in the second-level cache when they are deciphered, hashed and written.
    public static final int BUFFER_BYTES = 128 * 1024;

    /// Kept for later; what comes back beyond that is left to the collector.
    private static final int MAX_IDLE = 64;

    private final ArrayBlockingQueue<ByteBuffer> idle = new ArrayBlockingQueue<>(MAX_IDLE);

    /// A cleared buffer.
    ByteBuffer take() {
        ByteBuffer buffer = idle.poll();
        return buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer.clear();
    }

    /// The caller must not touch `buffer` afterwards.
    void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() == BUFFER_BYTES) {
            idle.offer(buffer);
        }
    }
}
