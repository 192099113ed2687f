package dev.thistle.cli;

import dev.thistle.engine.settings.SeedingSettings;
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

    /// The end that the engine is to look for, if there is one.
    SeedingSettings settings() {
        return forever ? SeedingSettings.DEFAULT : SeedingSettings.DEFAULT.until(ratio, time);
    }
}
