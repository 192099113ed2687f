/// A BitTorrent tracker over HTTP: announce and scrape, IPv4 and IPv6, and, as far as we know as
/// the first, the answers of BEP 8 that only who knows the torrent can read.
///
/// [Tracker] starts and stops it, [TrackerConfig] says how, [TrackerStats] what it has done.
/// Inside: `http` (the front), `swarms` (who is where), `policy` (who is served). What is said on
/// the wire is `dev.thistle.protocol.tracker`.
///
/// Everything is in memory. Nothing is ever logged of a request, since one line with an info-hash
/// would undo what BEP 8 hides. Specs: BEP 3, 7, 8, 21, 23, 24, 31, 48.
@NullMarked
package dev.thistle.tracker;

import org.jspecify.annotations.NullMarked;
