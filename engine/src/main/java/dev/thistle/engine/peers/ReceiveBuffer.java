package dev.thistle.engine.peers;

import dev.thistle.engine.peers.BufferPool.Lease;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Where the bytes of one connection arrive: a small buffer of its own for what peers say, one of
/// the session's for blocks, and only while they come. Owned by the connection's reader.
final class ReceiveBuffer implements Closeable {

    /// Holds most messages but blocks; two hundred requests at once.
    static final int SMALL_BYTES = 4 * 1024;

    private final BufferPool pool;
    private final BooleanSupplier isOver;
    private final ByteBuffer small = ByteBuffer.allocate(SMALL_BYTES);
    private @Nullable Lease lease;

    /// @param isOver whether the connection has ended, and wants no buffer any more
    ReceiveBuffer(BufferPool pool, BooleanSupplier isOver) {
        this.pool = pool;
        this.isOver = isOver;
    }

    /// Makes room to read more.
    ///
    /// @param in what this gave out before, flipped and read as far as possible; at first, what
    ///   came behind the handshake
    /// @param frameBytes of the message that has begun in it; 0 if that is not known yet
    /// @param expectsBlocks whether blocks are likely to come next
    /// @return holds what was left in `in`, and has room for the rest of the message
    /// @throws IOException if there is no memory for it, or the connection has ended
    ByteBuffer roomAfter(ByteBuffer in, int frameBytes, boolean expectsBlocks) throws IOException {
        int bytes = Math.max(frameBytes, in.remaining() + 1);
        boolean isComfortable = expectsBlocks && !pool.isScarce();
        if (lease == null && isComfortable && bytes <= BufferPool.BUFFER_BYTES) {
            Lease free = pool.tryReceive();
            if (free != null) {
                return moveTo(free, in);
            }
        }
        if (lease != null && bytes <= SMALL_BYTES && (lease.isLong() || !isComfortable)) {
            return moveToSmall(in);
        }
        if (bytes <= in.capacity()) {
            return in.compact();
        }
        return bytes <= SMALL_BYTES ? moveToSmall(in) : moveTo(larger(bytes), in);
    }

    private Lease larger(int bytes) throws IOException {
        if (bytes > BufferPool.BUFFER_BYTES) {
            Lease room = pool.tryTakeLong(bytes);
            if (room == null) {
                throw new IOException("no memory for a message of %d bytes".formatted(bytes));
            }
            return room;
        }
        Lease turned = pool.receive(isOver);
        if (turned == null) {
            throw new IOException("closed while it waited for a buffer");
        }
        return turned;
    }

    private ByteBuffer moveTo(Lease next, ByteBuffer in) {
        next.bytes().put(in);
        close();
        lease = next;
        return next.bytes();
    }

    private ByteBuffer moveToSmall(ByteBuffer in) {
        small.clear().put(in);
        close();
        return small;
    }

    /// Whether a buffer of the session's is kept from others who want one.
    boolean isInTheWay() {
        return lease != null && pool.isScarce();
    }

    @Override
    public void close() {
        if (lease != null) {
            pool.giveBack(lease);
            lease = null;
        }
    }
}
