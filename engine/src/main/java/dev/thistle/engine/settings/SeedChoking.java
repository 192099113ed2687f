package dev.thistle.engine.settings;

/// To whom a seed gives its slots, the optimistic one aside.
public enum SeedChoking {
    /// To those that have waited longest, so that every leecher gets its turn.
    ROUND_ROBIN,
    /// To those that take most, so that the data is in the swarm soonest (qBittorrent).
    FASTEST_UPLOAD,
    /// To those that have just begun or are nearly done: who has half already and only takes gets
    /// least (libtorrent, after Chow, Golubchik and Misra).
    ANTI_LEECH
}
