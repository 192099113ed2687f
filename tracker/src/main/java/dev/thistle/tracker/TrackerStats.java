package dev.thistle.tracker;

/// What a tracker has done since its start, and what it holds now.
///
/// @param announces all, refused ones too
/// @param obfuscatedAnnounces those of `announces` under a hidden name (BEP 8)
/// @param refused announces and scrapes answered with a `failure reason`
/// @param torrents now, without those that are only listed
/// @param peers now, in all torrents
public record TrackerStats(
        long announces,
        long obfuscatedAnnounces,
        long scrapes,
        long refused,
        int torrents,
        long peers) {}
