/// Who and what a tracker serves: the lists of torrents it was given, and how much one address may
/// ask of it.
///
/// [TorrentPolicy] decides about torrents, from files read by [TorrentList]. [AddressBook] counts
/// announces and rows by address. Both are thread-safe. Depends on the protocol module alone; the
/// swarm tables and the HTTP front depend on it.
@NullMarked
package dev.thistle.tracker.policy;

import org.jspecify.annotations.NullMarked;
