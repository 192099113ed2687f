package dev.thistle.engine.limits;

/// Says when bytes may pass, so that no more than a rate of them does.
///
/// Whoever has bytes to pass reserves them and is told its place in the row of all bytes; the row
/// moves on at the rate, and a place is reached when all before it have passed. So nobody
/// overtakes, and who reserves little at a time waits for little of the others. A rate that changes
/// counts from then on, for those that wait already as well.
///
/// After a pause up to a quarter of a second's bytes pass at once, or [#MIN_BURST_BYTES].
///
/// Pure: bytes and monotonic time in, waits out.
public final class TokenBucket {

    /// Two blocks: with less, one block could not pass whole.
    static final long MIN_BURST_BYTES = 32 * 1024;

    private static final double SECOND_NANOS = 1e9;

    private long bytesPerSecond;
    private long reserved;
    private double passed;
    private long lastNanos;

    /// @param bytesPerSecond 0 for no limit
    public TokenBucket(long bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.lastNanos = nowNanos;
        this.passed = burst();
    }

    private double burst() {
        return Math.max(MIN_BURST_BYTES, bytesPerSecond / 4.0);
    }

    /// Changes the rate.
    ///
    /// @param newBytesPerSecond 0 for no limit
    public void rate(long newBytesPerSecond, long nowNanos) {
        moveOn(nowNanos);
        bytesPerSecond = newBytesPerSecond;
    }

    /// Takes a place in the row.
    ///
    /// @return the place, for [#nanosUntil]
    public long reserve(int bytes, long nowNanos) {
        moveOn(nowNanos);
        reserved += bytes;
        return reserved;
    }

    /// How long it is until the bytes up to `place` may pass, as the rate is now; 0 if they may.
    public long nanosUntil(long place, long nowNanos) {
        moveOn(nowNanos);
        if (bytesPerSecond == 0 || place <= passed) {
            return 0;
        }
        return (long) Math.ceil((place - passed) * SECOND_NANOS / bytesPerSecond);
    }

    private void moveOn(long nowNanos) {
        double more = bytesPerSecond * ((nowNanos - lastNanos) / SECOND_NANOS);
        passed = bytesPerSecond == 0 ? reserved : Math.min(passed + more, reserved + burst());
        lastNanos = nowNanos;
    }
}
