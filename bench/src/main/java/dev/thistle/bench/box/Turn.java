package dev.thistle.bench.box;

import java.util.Locale;

/// What was measured while one way carried an upload.
///
/// @param window the seconds in the middle, when it ran at full speed
/// @param losses of the whole turn, its beginning and end included
/// @param othersShare of all processors that other programs used meanwhile, 0 to 1
record Turn(Way way, Window window, Losses losses, double othersShare) {

    static final String HEADING =
            """
            | way | Gbit/s | frames/s | box CPU s / wall s | ns CPU/frame | Gbit/CPU s | \
            missed, refused, dropped | sent again | CPU of others |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |\
            """;

    /// A stretch of time, and what happened in it.
    ///
    /// @param payloadBytes that the receiving program read from TCP
    /// @param frames that came into the box, acknowledgements included
    /// @param cpuNanos of the thread that carried them
    record Window(long nanos, long payloadBytes, long frames, long cpuNanos) {

        double gigabitsPerSecond() {
            return payloadBytes * 8.0 / nanos;
        }

        double framesPerSecond() {
            return frames * 1e9 / nanos;
        }

        double cpuShare() {
            return (double) cpuNanos / nanos;
        }

        double cpuNanosPerFrame() {
            return (double) cpuNanos / frames;
        }

        /// What it would carry with a processor of its own.
        double gigabitsPerCpuSecond() {
            return payloadBytes * 8.0 / cpuNanos;
        }
    }

    /// Every place where a frame can get lost. What is lost anywhere, even where nobody counts, is
    /// sent again by TCP.
    ///
    /// @param missed came faster than the box took them: its socket was full
    /// @param refused were not taken by a link
    /// @param dropped by the box
    /// @param resent TCP segments that either host sent again
    record Losses(long missed, long refused, long dropped, long resent) {}

    /// A line of the table under [#HEADING].
    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %.2f | %,.0f | %.2f / %.2f | %,.0f | %.2f | %d, %d, %d | %d | %.0f %% |",
                way.title(),
                window.gigabitsPerSecond(),
                window.framesPerSecond(),
                window.cpuNanos / 1e9,
                window.nanos / 1e9,
                window.cpuNanosPerFrame(),
                window.gigabitsPerCpuSecond(),
                losses.missed,
                losses.refused,
                losses.dropped,
                losses.resent,
                100 * othersShare);
    }
}
