package dev.thistle.cli;

import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.TrackerSnapshot;
import java.time.Duration;

/// Notices when a torrent has had neither a peer nor a tracker of use for too long.
final class Company {

    private final Duration patience;
    private long lonelySinceNanos = System.nanoTime();

    Company(Duration patience) {
        this.patience = patience;
    }

    boolean isMissing(TorrentSnapshot look) {
        long now = System.nanoTime();
        if (!look.peers().isEmpty() || look.trackers().stream().anyMatch(TrackerSnapshot::worked)) {
            lonelySinceNanos = now;
        }
        return now - lonelySinceNanos > patience.toNanos();
    }
}
