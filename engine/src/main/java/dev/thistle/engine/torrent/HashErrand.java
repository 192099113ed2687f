package dev.thistle.engine.torrent;

import java.util.concurrent.TimeUnit;

/// Whether a peer is still fetching hashes, as far as we can tell: it asks for the next as soon as
/// the last have come. Owned by the torrent's thread.
final class HashErrand {

    /// Whoever has asked for nothing for so long has all it wants.
    static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /// Nobody is taken to be at it for longer.
    static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

    private boolean hasAsked;
    private long firstNanos;
    private long lastNanos;

    void asked(long nowNanos) {
        if (!hasAsked) {
            hasAsked = true;
            firstNanos = nowNanos;
        }
        lastNanos = nowNanos;
    }

    boolean isUnderWay(long nowNanos) {
        return hasAsked && nowNanos - lastNanos < QUIET_NANOS && nowNanos - firstNanos < MAX_NANOS;
    }
}
