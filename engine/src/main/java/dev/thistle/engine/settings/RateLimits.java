package dev.thistle.engine.settings;

/// How many bytes a second may pass, each way; 0 for as many as there are.
///
/// Down counts everything that peers send, up the blocks they get: what has to be said besides is
/// never held back.
///
/// @param downBytesPerSecond 0, or from [#LEAST]
/// @param upBytesPerSecond 0, or from [#LEAST]
public record RateLimits(long downBytesPerSecond, long upBytesPerSecond) {

    /// With less, a block would take longer than peers wait for one.
    public static final long LEAST = 1_000;

    public static final RateLimits NONE = new RateLimits(0, 0);

    public RateLimits {
        require("down", downBytesPerSecond);
        require("up", upBytesPerSecond);
    }

    private static void require(String way, long rate) {
        if (rate != 0 && rate < LEAST) {
            throw new IllegalArgumentException(
                    "%s: %d bytes a second, allowed 0 (no limit) or from %d"
                            .formatted(way, rate, LEAST));
        }
    }
}
