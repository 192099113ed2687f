package dev.thistle.engine.peers;

import dev.thistle.engine.limits.Toll;
import dev.thistle.net.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Reads what one peer sends: no faster than the rate allows, and not for ever.
///
/// A message that has begun must end within a time that does not start anew with each of its bytes:
/// else a peer that drips them keeps a buffer of the session's. Only time in which we wait for the
/// peer counts, so whom we slow down ourselves, or keep waiting for memory, is not blamed for it.
///
/// Owned by the connection's reader.
final class PacedReading {

    /// For a message when nobody needs the memory. A block at 140 bytes a second takes as long.
    static final Duration MESSAGE_PATIENCE = Duration.ofMinutes(2);

    /// For a message while memory is scarce, or for the next one to begin. A block at 820 bytes a
    /// second takes as long.
    static final Duration HOLDING_PATIENCE = Duration.ofSeconds(20);

    private final Link link;
    private final Toll toll;
    private final Duration patience;
    private final LongSupplier clock;
    private final CountDownLatch closing;

    /// What we have waited for the message that is under way, since its first byte.
    private long waitedNanos;

    /// @param patience silence after which the peer counts as gone
    /// @param clock monotonic nanoseconds
    /// @param closing open as long as the connection
    PacedReading(
            Link link, Toll toll, Duration patience, LongSupplier clock, CountDownLatch closing) {
        this.link = link;
        this.toll = toll;
        this.patience = patience;
        this.clock = clock;
        this.closing = closing;
    }

    /// A message is whole: the time of the next one begins with its own first byte.
    void messageEnded() {
        waitedNanos = 0;
    }

    /// Reads once. Where the rate is limited, little at a time, and paid for before more is read:
    /// the other end feels it by its TCP window.
    ///
    /// @param hasBegun whether the first bytes of a message are here
    /// @param isInTheWay whether others wait for what this connection holds
    /// @return how many bytes, or -1 at the end
    /// @throws IOException also when the message takes too long
    int read(ByteBuffer in, boolean hasBegun, boolean isInTheWay)
            throws IOException, InterruptedException {
        Duration limited = shorter(patience, leftFor(hasBegun, isInTheWay));
        if (toll.isFree()) {
            return await(in, hasBegun, limited);
        }
        int limit = in.limit();
        in.limit(in.position() + Math.min(in.remaining(), Toll.MAX_BYTES));
        int count = await(in, hasBegun, limited);
        in.limit(limit);
        if (count > 0) {
            toll.pay(count);
            for (long left = toll.nanosLeft(); left > 0; left = toll.nanosLeft()) {
                if (closing.await(left, TimeUnit.NANOSECONDS)) {
                    break; // the next read says so
                }
            }
        }
        return count;
    }

    private Duration leftFor(boolean hasBegun, boolean isInTheWay) throws IOException {
        Duration allowed = isInTheWay ? HOLDING_PATIENCE : MESSAGE_PATIENCE;
        if (!hasBegun) {
            return isInTheWay ? allowed : patience;
        }
        Duration left = allowed.minusNanos(waitedNanos);
        if (!left.isPositive()) {
            throw new IOException(
                    "took %d s for one message, allowed %d s"
                            .formatted(
                                    TimeUnit.NANOSECONDS.toSeconds(waitedNanos),
                                    allowed.toSeconds()));
        }
        return left;
    }

    private int await(ByteBuffer in, boolean hasBegun, Duration limited) throws IOException {
        if (!hasBegun) {
            return link.read(in, limited);
        }
        long before = clock.getAsLong();
        int count = link.read(in, limited);
        waitedNanos += clock.getAsLong() - before;
        return count;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
