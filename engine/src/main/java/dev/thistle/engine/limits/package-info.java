/// How fast, how many: what a session and a torrent may use of the line and of the machine.
///
/// Start with [TokenBucket] (pure: bytes and time), then [RateLimit] (shared by threads) and [Toll]
/// (what one connection pays). [Quota] and [CallQuota] count connections and calls, [UploadSlots]
/// divides slots among torrents; [Allowance] is all of a session's. Depends on `settings` only.
@NullMarked
package dev.thistle.engine.limits;

import org.jspecify.annotations.NullMarked;
