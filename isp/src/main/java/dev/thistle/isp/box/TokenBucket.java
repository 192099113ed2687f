package dev.thistle.isp.box;

/// A rate with an allowance: what may pass now, and when the next may. Pure; only differences of
/// times mean anything.
///
/// Instead of a level it keeps the moment at which the bucket would be full again, so nothing has
/// to be refilled and no fraction of a token is lost.
final class TokenBucket {

    private final Rate rate;
    private final long burstNanos;
    private boolean isUsed;
    private long fullAtNanos;

    /// @param burstBytes what a full bucket lets pass at once
    TokenBucket(Rate rate, int burstBytes) {
        this.rate = rate;
        burstNanos = rate.nanosFor(burstBytes);
    }

    /// When a packet of so many bytes may pass: now or later. One that is larger than the burst may
    /// pass when the bucket is full.
    long readyNanos(int bytes, long nowNanos) {
        if (!isUsed) {
            return nowNanos;
        }
        long needed = Math.min(rate.nanosFor(bytes), burstNanos);
        return nowNanos + Math.max(0, fullAtNanos + needed - burstNanos - nowNanos);
    }

    void take(int bytes, long nowNanos) {
        if (!isUsed) {
            isUsed = true;
            fullAtNanos = nowNanos;
        }
        fullAtNanos = nowNanos + Math.max(0, fullAtNanos - nowNanos) + rate.nanosFor(bytes);
    }
}
