package dev.thistle.net.http;

import java.net.SocketTimeoutException;
import java.time.Duration;

/// What is left of somebody's patience with several calls together.
public final class Countdown {

    private final long endNanos;

    private Countdown(long endNanos) {
        this.endNanos = endNanos;
    }

    /// Begins now.
    public static Countdown of(Duration patience) {
        return new Countdown(System.nanoTime() + patience.toNanos());
    }

    /// Always positive.
    ///
    /// @throws SocketTimeoutException if nothing is left
    public Duration left() throws SocketTimeoutException {
        long left = endNanos - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return Duration.ofNanos(left);
    }
}
