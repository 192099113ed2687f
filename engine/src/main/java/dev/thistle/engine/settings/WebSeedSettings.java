package dev.thistle.engine.settings;

import java.time.Duration;

/// How web seeds are used (BEP 19). The defaults are libtorrent's.
///
/// @param maxActive web seeds of a torrent that are fetched from at a time, by one connection each;
///   0 uses none, up to 50
/// @param patience with a server that says nothing
/// @param retryAfter wait after a failure, which doubles with each one in a row, up to half an hour
public record WebSeedSettings(int maxActive, Duration patience, Duration retryAfter) {

    public static final WebSeedSettings DEFAULT =
            new WebSeedSettings(3, Duration.ofSeconds(20), Duration.ofSeconds(30));

    public WebSeedSettings {
        if (maxActive < 0 || maxActive > 50) {
            throw new IllegalArgumentException(
                    "web-seeds.max-active: %d, allowed 0..50".formatted(maxActive));
        }
        if (!patience.isPositive() || !retryAfter.isPositive()) {
            throw new IllegalArgumentException(
                    "web-seeds: patience %s and retry %s, allowed more than nothing"
                            .formatted(patience, retryAfter));
        }
    }
}
