/// The values that every BitTorrent protocol shares: [InfoHash], [PeerId], [PeerAddress], and
/// [MalformedException], which says that bytes from outside broke a rule.
///
/// Each protocol has a package below this one and sees only this one and `bencode`. Everything in
/// this module is a pure function of bytes and time: the caller owns sockets, clocks, threads and
/// randomness. Style: values.
@NullMarked
package dev.thistle.protocol;

import org.jspecify.annotations.NullMarked;
