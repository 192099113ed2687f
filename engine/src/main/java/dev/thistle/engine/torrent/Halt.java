package dev.thistle.engine.torrent;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Why the torrent does nothing for a while: the disk does not take what it is given. It is full,
/// or was unplugged, or may not be written to; all of that may pass. Owned by the torrent's thread.
final class Halt {

    /// Until it is tried again by itself: a disk that somebody empties is noticed soon, and one
    /// that stays full costs a block every so often.
    static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private @Nullable String reason;
    private long untilNanos;

    void begin(String why, long nowNanos) {
        reason = why;
        untilNanos = nowNanos + RETRY_NANOS;
    }

    boolean isOn() {
        return reason != null;
    }

    /// Nobody has to wait any longer.
    void retry(long nowNanos) {
        untilNanos = nowNanos;
    }

    /// Ends it when its time has come.
    ///
    /// @return whether it ended now
    boolean endsAt(long nowNanos) {
        if (reason == null || nowNanos - untilNanos < 0) {
            return false;
        }
        reason = null;
        return true;
    }

    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }
}
