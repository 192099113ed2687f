package dev.thistle.net;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The time limit of one direction of a link: set by the thread that enters a call, cleared by it
/// when it leaves, and in between watched by another thread.
///
///     IDLE --start()--> due time --finish()--> IDLE
///                          \--expire()--> EXPIRED --finish()--> IDLE
///
/// Whoever moves first from "due time" wins, so a call either ends in time or expires, never both.
/// Costs two volatile writes and one look at the clock a call; no system call, no timer.
final class Deadline {

    /// Longer patience is the same as for ever: 146 years, and no sum of two overflows.
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE / 2);

    private static final long ORIGIN = System.nanoTime();

    private static final long IDLE = 0;
    private static final long EXPIRED = -1;

    private final AtomicLong due = new AtomicLong(IDLE);
    private volatile Duration patience = Duration.ZERO;

    /// Monotonic nanoseconds since the program began to use this; never negative, so that times
    /// compare with `<` and [Long#MAX_VALUE] means never.
    static long now() {
        return System.nanoTime() - ORIGIN;
    }

    /// The time at which `patience`, counted from now, is over.
    ///
    /// @throws IllegalArgumentException unless `patience` is positive
    static long after(Duration patience) {
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("patience %s, allowed > 0".formatted(patience));
        }
        return now() + (patience.compareTo(FOR_EVER) < 0 ? patience : FOR_EVER).toNanos();
    }

    void start(Duration patience) {
        long time = after(patience);
        this.patience = patience;
        due.set(time);
    }

    /// The call is over.
    ///
    /// @return whether it was in time
    boolean finish() {
        return due.getAndSet(IDLE) != EXPIRED;
    }

    /// Ends the call from outside if its time is over.
    ///
    /// @return whether this very call of `expire` did it
    boolean expire(long now) {
        long time = due.get();
        return time > IDLE && time <= now && due.compareAndSet(time, EXPIRED);
    }

    boolean isRunning() {
        return due.get() > IDLE;
    }

    /// What the last [#start] was given; for messages.
    Duration patience() {
        return patience;
    }
}
