package dev.thistle.engine.torrent;

import java.util.concurrent.TimeUnit;

/// When a torrent looks at its rates, stalls, slots and calls again: at every beat of the [Pulse]
/// while something goes on, and seldom while nothing does, so that a thousand idle torrents cost
/// next to nothing. Owned by the torrent's thread; [#isDue] may be asked by any.
final class Pace {

    /// A complete torrent with peers, none of whom moves a byte: rates have faded, and rounds of
    /// choking, which are ten seconds apart, are late by a tenth.
    static final long RESTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// A complete torrent without peers: all that can become due is calling somebody again. A
    /// thousand of them at 5 s took 1.8 % of a core, at this 0.4 % (`bench/baselines/idle.md`).
    static final long ASLEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

    private volatile long dueNanos;
    private long movedBytes;

    /// The first look is due at once.
    Pace(long nowNanos) {
        dueNanos = nowNanos;
    }

    boolean isDue(long nowNanos) {
        return nowNanos - dueNanos >= 0;
    }

    /// How long until the next look is due; negative when it is late.
    long nanosLeft(long nowNanos) {
        return dueNanos - nowNanos;
    }

    /// Something happened, so there may be something to do.
    ///
    /// @return whether the next look is due sooner than it was
    boolean hurry(long nowNanos) {
        if (dueNanos - nowNanos <= Pulse.BEAT_NANOS) {
            return false;
        }
        dueNanos = nowNanos + Pulse.BEAT_NANOS;
        return true;
    }

    /// The torrent has looked.
    ///
    /// @param isBusy whether it lacks pieces or calls peers
    /// @param peers how many are connected
    /// @param totalBytes payload in both directions so far
    void looked(boolean isBusy, int peers, long totalBytes, long nowNanos) {
        boolean moved = totalBytes != movedBytes;
        movedBytes = totalBytes;
        long wait = Pulse.BEAT_NANOS;
        if (!isBusy && !moved) {
            wait = peers == 0 ? ASLEEP_NANOS : RESTING_NANOS;
        }
        dueNanos = nowNanos + wait;
    }
}
