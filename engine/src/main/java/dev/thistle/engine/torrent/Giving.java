package dev.thistle.engine.torrent;

import dev.thistle.engine.resume.ResumeData.Totals;
import dev.thistle.engine.settings.SeedingSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How long and how much a torrent was given to others, and when that is enough. Owned by the
/// torrent's thread.
final class Giving {

    private final SeedingSettings settings;
    private Totals earlier = Totals.NONE;
    private long seedingNanos;
    private boolean wasSeeding;
    private long lastNanos;
    private @Nullable String enough;

    Giving(SeedingSettings settings, long nowNanos) {
        this.settings = settings;
        lastNanos = nowNanos;
    }

    /// What earlier runs gave counts as well.
    void begin(Totals ofEarlierRuns) {
        earlier = ofEarlierRuns;
    }

    /// Time has passed.
    ///
    /// @param isSeeding whether everything that is wanted is there, from now on
    void tick(boolean isSeeding, long nowNanos) {
        seedingNanos += wasSeeding ? nowNanos - lastNanos : 0;
        wasSeeding = isSeeding;
        lastNanos = nowNanos;
    }

    /// For how long this run has been seeding. Counted in what is remembered only where a goal
    /// needs it: a torrent that gives nothing has nothing to save.
    Duration toRemember() {
        return settings.time().isEmpty() ? Duration.ZERO : Duration.ofNanos(seedingNanos);
    }

    private Duration inAllRuns() {
        return earlier.seeding().plusNanos(seedingNanos);
    }

    private double ratio(long uploadedBytes, long wantedBytes) {
        return (double) (earlier.uploadedBytes() + uploadedBytes) / Math.max(1, wantedBytes);
    }

    /// Why the torrent has been given enough, if it has.
    ///
    /// @param uploadedBytes in this run
    /// @param wantedBytes size of what is wanted
    Optional<String> enough(long uploadedBytes, long wantedBytes) {
        if (enough == null && wasSeeding) {
            double ratio = ratio(uploadedBytes, wantedBytes);
            if (settings.ratio().isPresent() && ratio >= settings.ratio().get()) {
                enough =
                        String.format(
                                Locale.ROOT,
                                "uploaded %.2f times its size, the goal is %s",
                                ratio,
                                settings.ratio().get());
            } else if (settings.time().isPresent()
                    && inAllRuns().compareTo(settings.time().get()) >= 0) {
                enough =
                        "was seeding for %d s, as long as it should"
                                .formatted(inAllRuns().toSeconds());
            }
        }
        return Optional.ofNullable(enough);
    }

    /// Whether the time may be over before an idle torrent looks again.
    boolean isNearlyEnough() {
        return wasSeeding
                && settings.time().isPresent()
                && inAllRuns().plusNanos(Pace.ASLEEP_NANOS).compareTo(settings.time().get()) > 0;
    }

    TorrentSnapshot.Giving snapshot(boolean isSuperSeeding, long uploadedBytes, long wantedBytes) {
        return new TorrentSnapshot.Giving(
                isSuperSeeding,
                ratio(uploadedBytes, wantedBytes),
                inAllRuns(),
                Optional.ofNullable(enough));
    }
}
