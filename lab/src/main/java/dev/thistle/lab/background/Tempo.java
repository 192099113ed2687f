package dev.thistle.lab.background;

import java.time.Duration;

/// How busy the background is, each of its activities.
///
/// @param think mean time of a browser between two pages
/// @param ask mean time of a resolver between two questions
/// @param rest mean time of a visitor between two calls
/// @param bulkBitsPerSecond of one upload, download or answer of a server
/// @param fileBytes that backups and downloads move at a time; 1 to [ObjectServer#MAX_OBJECT_BYTES]
public record Tempo(
        Duration think, Duration ask, Duration rest, long bulkBitsPerSecond, long fileBytes) {

    /// About 2 Mbit/s a customer: enough to be seen, and one processor carries twenty of them.
    public static final Tempo MODEST =
            new Tempo(
                    Duration.ofSeconds(2),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    2_000_000,
                    256 << 20);
}
