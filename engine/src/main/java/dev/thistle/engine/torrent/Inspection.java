package dev.thistle.engine.torrent;

import dev.thistle.engine.storage.PieceStore;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Looks from time to time whether the files of a torrent are still there: who seeds from a file
/// that was deleted would serve it as long as it happens to be open, and nobody else has it then.
/// Owned by the torrent's thread.
final class Inspection {

    /// Between looks, of a torrent that is awake.
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// Files a look: about a millisecond, if the system knows them.
    static final int FILES = 256;

    private final PieceStore store;
    private long dueNanos;

    Inspection(PieceStore store, long nowNanos) {
        this.store = store;
        this.dueNanos = nowNanos + INTERVAL_NANOS;
    }

    /// Looks if it is time.
    ///
    /// @return what was lost, in one line
    Optional<String> tick(long nowNanos) {
        if (nowNanos - dueNanos < 0) {
            return Optional.empty();
        }
        dueNanos = nowNanos + INTERVAL_NANOS;
        return look(FILES);
    }

    /// Looks at every file.
    Optional<String> all() {
        return look(Integer.MAX_VALUE);
    }

    private Optional<String> look(int files) {
        try {
            store.inspect(files);
            return Optional.empty();
        } catch (IOException lost) {
            return Optional.of(String.valueOf(lost.getMessage()));
        }
    }
}
