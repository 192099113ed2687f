package dev.thistle.engine.settings;

import dev.thistle.protocol.InfoHash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Whether and where a torrent remembers what it has, so that the next run goes on where this one
/// ends, however that happens. The format is told in docs/resume.md.
///
/// @param file the resume file; nothing to remember nothing, and to hash everything at each start
/// @param interval least time between two saves while pieces arrive; at least 100 ms. Of the work
///   of a process that is killed so much is lost
/// @param restoresSelection whether a torrent that is added with [Selection#ALL] wants what the
///   last run wanted in place of everything
public record ResumeSettings(Optional<Path> file, Duration interval, boolean restoresSelection) {

    /// Nothing is remembered.
    public static final ResumeSettings DEFAULT =
            new ResumeSettings(Optional.empty(), Duration.ofSeconds(2), true);

    public ResumeSettings {
        if (interval.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "resume.interval: %s, allowed PT0.1S or more".formatted(interval));
        }
    }

    /// Remembers in `file`, whose folder is there.
    public static ResumeSettings in(Path file) {
        return new ResumeSettings(Optional.of(file), DEFAULT.interval(), true);
    }

    /// Remembers beside the data: in `.thistle-INFOHASH.resume` in the folder of the download. It
    /// moves with the data, no two torrents share it, and it is out of sight.
    public static ResumeSettings beside(Path folder, InfoHash infoHash) {
        return in(folder.resolve(".thistle-" + infoHash + ".resume"));
    }

    /// With what is wanted told anew by each run.
    public ResumeSettings withoutSelection() {
        return new ResumeSettings(file, interval, false);
    }
}
