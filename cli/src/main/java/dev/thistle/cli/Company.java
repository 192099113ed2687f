package dev.thistle.cli;

import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.TrackerSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.WebSeedSnapshot;
import java.time.Duration;

/// Notices when a torrent has had neither a peer, a tracker nor a web seed of use for too long.
final class Company {

    private final Duration patience;
    private long lonelySinceNanos = System.nanoTime();

    Company(Duration patience) {
        this.patience = patience;
    }

    boolean isMissing(TorrentSnapshot look) {
        long now = System.nanoTime();
        if (!look.peers().isEmpty()
                || look.trackers().stream().anyMatch(TrackerSnapshot::worked)
                || look.webSeeds().stream().anyMatch(WebSeedSnapshot::isFetching)) {
            lonelySinceNanos = now;
        }
        return now - lonelySinceNanos > patience.toNanos();
    }
}
