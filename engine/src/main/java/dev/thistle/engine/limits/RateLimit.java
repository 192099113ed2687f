package dev.thistle.engine.limits;

import java.util.function.LongSupplier;

/// A rate that many connections share. Thread-safe.
public final class RateLimit {

    private final LongSupplier clock;
    private final TokenBucket bucket;
    private volatile long bytesPerSecond;

    /// @param bytesPerSecond 0 for no limit
    /// @param clock monotonic nanoseconds
    public RateLimit(long bytesPerSecond, LongSupplier clock) {
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        bucket = new TokenBucket(bytesPerSecond, clock.getAsLong());
    }

    /// Changes the rate, for those that wait as well.
    public synchronized void set(long newBytesPerSecond) {
        bucket.rate(newBytesPerSecond, clock.getAsLong());
        bytesPerSecond = newBytesPerSecond;
    }

    boolean isNone() {
        return bytesPerSecond == 0;
    }

    synchronized long reserve(int bytes) {
        return bucket.reserve(bytes, clock.getAsLong());
    }

    synchronized long nanosUntil(long place) {
        return bucket.nanosUntil(place, clock.getAsLong());
    }
}
