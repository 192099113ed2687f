package dev.thistle.cli;

import dev.thistle.engine.snapshot.TorrentSnapshot;
import java.time.Duration;
import java.util.Optional;

/// How long to go on after a download.
///
/// @param forever until interrupted
/// @param time so long
/// @param ratio until so many times the torrent's size went out; whichever of the two comes first
record SeedingGoal(boolean forever, Optional<Duration> time, Optional<Double> ratio) {

    /// Whether to go on at all.
    boolean isAny() {
        return forever || time.isPresent() || ratio.isPresent();
    }

    void requireValid() throws UsageException {
        if (ratio.isPresent() && !(ratio.get() >= 0 && Double.isFinite(ratio.get()))) {
            throw new UsageException(
                    "--seed-ratio %s, allowed a number from 0".formatted(ratio.get()));
        }
    }

    boolean isReached(TorrentSnapshot torrent, Duration seeded) {
        if (forever) {
            return false;
        }
        boolean enoughTime = time.isPresent() && seeded.compareTo(time.get()) >= 0;
        boolean enoughRatio =
                ratio.isPresent() && torrent.uploadedBytes() >= ratio.get() * torrent.lengthBytes();
        return (time.isEmpty() && ratio.isEmpty()) || enoughTime || enoughRatio;
    }
}
