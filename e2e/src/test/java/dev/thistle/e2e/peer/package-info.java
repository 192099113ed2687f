/// The programs under test and those they meet: Thistle, libtorrent, Transmission, aria2,
/// opentracker.
///
/// Start with [BitTorrentClient], the two things a client is asked to do, and [Protection], which
/// each client translates into its own settings. [Payload] and [Torrent] are what they exchange.
@NullMarked
package dev.thistle.e2e.peer;

import org.jspecify.annotations.NullMarked;
