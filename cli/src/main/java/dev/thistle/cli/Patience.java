package dev.thistle.cli;

import java.time.Duration;

/// How long the program waits for the world before it gives up and says so. Tests wait less.
///
/// @param fetch until a torrent has come whole from a web address
/// @param company until a download that has met no peer, and whose trackers all fail, is over: long
///   enough for a peer to be called three times
record Patience(Duration fetch, Duration company) {

    static final Patience DEFAULT = new Patience(Duration.ofSeconds(60), Duration.ofSeconds(60));
}
