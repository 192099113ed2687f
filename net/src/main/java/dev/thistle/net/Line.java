package dev.thistle.net;

/// A transmission line of a certain rate, shared by whoever sends over it, in the order they ask.
/// Thread-safe.
///
/// The line is a timeline: each batch of bytes takes the first free stretch that is long enough for
/// it and starts when the bytes are there. Stretches never overlap, so the rate is never exceeded;
/// no thread is needed to move the bytes.
final class Line {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private long bytesPerSecond;
    private long freeAtNanos;

    Line(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /// Reserves the time for `bytes` that are ready at `fromNanos`.
    ///
    /// @param bytes below 2^33, so that the arithmetic holds
    /// @return when the last of them is through
    synchronized long carry(long fromNanos, int bytes) {
        if (bytesPerSecond == Conditions.UNLIMITED) {
            return fromNanos;
        }
        long nanos = Math.ceilDiv(bytes * NANOS_PER_SECOND, bytesPerSecond);
        freeAtNanos = Math.max(fromNanos, freeAtNanos) + nanos;
        return freeAtNanos;
    }

    synchronized long bytesPerSecond() {
        return bytesPerSecond;
    }

    /// For what is carried from now on.
    synchronized void bytesPerSecond(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }
}
