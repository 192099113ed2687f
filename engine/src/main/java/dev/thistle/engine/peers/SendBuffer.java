package dev.thistle.engine.peers;

import dev.thistle.engine.peers.BufferPool.Lease;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Where what one connection sends is put together: a small buffer of its own for messages, one of
/// the session's for blocks, and only until they are sent. Owned by the connection's writer.
final class SendBuffer implements Closeable {

    private static final int SMALL_BYTES = 4 * 1024;

    /// Sends all of a buffer.
    interface Sending {
        void send(ByteBuffer flipped) throws IOException;
    }

    private final BufferPool pool;
    private final BooleanSupplier isOver;
    private final Runnable hangUp;
    private final Sending line;
    private final ByteBuffer small = ByteBuffer.allocate(SMALL_BYTES);
    private @Nullable Lease lease;

    /// @param isOver whether the connection has ended, and wants no buffer any more
    /// @param hangUp ends the connection, since it keeps others waiting; any thread
    SendBuffer(BufferPool pool, BooleanSupplier isOver, Runnable hangUp, Sending line) {
        this.pool = pool;
        this.isOver = isOver;
        this.hangUp = hangUp;
        this.line = line;
    }

    /// Room for `bytes` behind what waits to be sent; sends that if there is none. Nothing waits to
    /// be sent while this waits for memory.
    ByteBuffer room(int bytes) throws IOException {
        if (current().remaining() >= bytes) {
            return current();
        }
        if (lease == null && bytes <= BufferPool.BUFFER_BYTES - SMALL_BYTES) {
            lease = pool.trySend(hangUp);
            if (lease != null) {
                lease.bytes().put(small.flip());
                small.clear();
                return current();
            }
        }
        flush();
        if (current().capacity() < bytes) {
            close();
            lease = larger(bytes);
        }
        return current();
    }

    private ByteBuffer current() {
        return lease == null ? small : lease.bytes();
    }

    private Lease larger(int bytes) throws IOException {
        if (bytes > BufferPool.BUFFER_BYTES) {
            Lease room = pool.tryTakeLong(bytes);
            if (room == null) {
                throw new IOException("no memory for a message of %d bytes".formatted(bytes));
            }
            return room;
        }
        Lease turned = pool.send(isOver, hangUp);
        if (turned == null) {
            throw new IOException("closed while it waited for a buffer");
        }
        return turned;
    }

    /// Sends what waits to be sent. Who has more to send than a buffer holds gets in line again
    /// behind those who wait for one.
    private void flush() throws IOException {
        if (current().flip().hasRemaining()) {
            line.send(current());
        }
        current().clear();
        if (lease != null && (lease.isLong() || pool.isSendingWanted())) {
            close();
        }
    }

    /// Sends what waits to be sent, and keeps no memory but its own.
    void finish() throws IOException {
        flush();
        close();
    }

    @Override
    public void close() {
        if (lease != null) {
            pool.giveBack(lease);
            lease = null;
        }
    }
}
