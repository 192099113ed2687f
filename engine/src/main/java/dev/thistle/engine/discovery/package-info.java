/// Where peers come from: trackers over HTTP, HTTPS and UDP, in the clear or obfuscated (BEP 3, 7,
/// 8, 12, 15, 23, 24, 27, 31, 41, 48).
///
/// Start with [AnnounceOrder], the pure rules of which tracker is asked next and how, and
/// [AnnounceRound], those of when the next one is; then [Announcer], the thread that follows them.
/// [TrackerCalls] moves one announce to a tracker of any kind, by [HttpTracker] or [UdpTracker], to
/// the addresses that an [AddressRule] leaves. What is found goes to the torrent as
/// [AnnounceOutcome]s. Depends on `net`, `protocol` and `settings`.
@NullMarked
package dev.thistle.engine.discovery;

import org.jspecify.annotations.NullMarked;
