package dev.thistle.engine.torrent;

/// Turns a growing byte count into bytes per second, smoothed over the last few seconds.
final class RateMeter {

    /// Weight of the past fades by e in this time: quick enough to follow a peer, slow enough to
    /// read.
    private static final double FADE_NANOS = 2e9;

    private long lastBytes;
    private long lastNanos;
    private double bytesPerSecond;

    RateMeter(long nowNanos) {
        lastNanos = nowNanos;
    }

    /// Call a few times a second with the count so far.
    void update(long totalBytes, long nowNanos) {
        long elapsed = nowNanos - lastNanos;
        if (elapsed <= 0) {
            return;
        }
        double sample = (totalBytes - lastBytes) * 1e9 / elapsed;
        double keep = Math.exp(-elapsed / FADE_NANOS);
        bytesPerSecond = bytesPerSecond * keep + sample * (1 - keep);
        lastBytes = totalBytes;
        lastNanos = nowNanos;
    }

    long bytesPerSecond() {
        return Math.round(bytesPerSecond);
    }
}
