/// Who is in which swarm, and whom an answer names. In memory, without an object per peer.
///
/// Start with [Swarms] (all torrents), then `Swarm` (one of them: its peers by address family, what
/// an announce changes, whom it may be told), then `PeerArray` (packed columns, one row a peer) and
/// `SealedList` (the encrypted copy that large swarms keep for BEP 8).
///
/// Locking: a torrent belongs to one of 64 shards by its info-hash; one lock a shard guards
/// everything in it. Nothing below [Swarms] is thread-safe, nothing holds two of these locks,
/// nothing blocks under one. Only the index of hidden names and the totals are shared, and both are
/// concurrent by themselves. The sweep takes a shard's lock anew for each torrent and each thousand
/// rows, so expiry never holds announces up. A lock and not an owner thread, because the server's
/// threads have the request in hand, and a queue would cost more than the work.
///
/// Time is seconds since the start of the tracker, from the caller's clock. Not here: HTTP, and who
/// is allowed (`policy`).
@NullMarked
package dev.thistle.tracker.swarms;

import org.jspecify.annotations.NullMarked;
