package dev.thistle.engine.settings;

import java.time.Duration;
import java.util.Optional;

/// How a torrent is given to others once everything that is wanted is there, and for how long. What
/// is counted is counted over all runs that the resume file remembers.
///
/// @param choking to whom slots go
/// @param superSeeding whether to show pieces one by one, so that about one copy is uploaded until
///   the swarm has it all (BEP 16). For the first seed of a swarm: it is used only if the torrent
///   was complete when it was added
/// @param ratio ends the torrent when so many times the size of what is wanted was uploaded;
///   nothing for no such end, otherwise from 0
/// @param time ends the torrent when it was seeding for so long; nothing for no such end
public record SeedingSettings(
        SeedChoking choking,
        boolean superSeeding,
        Optional<Double> ratio,
        Optional<Duration> time) {

    /// In turns, and until somebody stops it.
    public static final SeedingSettings DEFAULT =
            new SeedingSettings(SeedChoking.ROUND_ROBIN, false, Optional.empty(), Optional.empty());

    public SeedingSettings {
        if (ratio.isPresent() && !(ratio.get() >= 0 && Double.isFinite(ratio.get()))) {
            throw new IllegalArgumentException(
                    "seeding.ratio: %s, allowed a number from 0".formatted(ratio.get()));
        }
        if (time.isPresent() && time.get().isNegative()) {
            throw new IllegalArgumentException(
                    "seeding.time: %s, allowed from 0".formatted(time.get()));
        }
    }

    public SeedingSettings withChoking(SeedChoking other) {
        return new SeedingSettings(other, superSeeding, ratio, time);
    }

    public SeedingSettings withSuperSeeding(boolean yes) {
        return new SeedingSettings(choking, yes, ratio, time);
    }

    /// Ends at one of these, whichever comes first.
    public SeedingSettings until(Optional<Double> enoughRatio, Optional<Duration> enoughTime) {
        return new SeedingSettings(choking, superSeeding, enoughRatio, enoughTime);
    }
}
