package dev.thistle.lab.background;

import java.time.Duration;

/// Holds one stream of bytes to a rate, by waiting after each portion. Owned by one thread.
final class Pace {

    /// How far a stream may fall behind and catch up: what a sender's buffer would hold.
    private static final long SLACK_NANOS = Duration.ofMillis(200).toNanos();

    private final double nanosPerByte;
    private long dueNanos = System.nanoTime();

    /// @param bitsPerSecond positive
    Pace(long bitsPerSecond) {
        nanosPerByte = 8e9 / bitsPerSecond;
    }

    /// Waits until this many bytes more are due.
    void spend(int bytes) throws InterruptedException {
        long now = System.nanoTime();
        dueNanos = Math.max(dueNanos, now - SLACK_NANOS) + (long) (bytes * nanosPerByte);
        if (dueNanos > now) {
            Thread.sleep(Duration.ofNanos(dueNanos - now));
        }
    }
}
