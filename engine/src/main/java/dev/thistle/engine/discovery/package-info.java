/// Where peers come from: trackers over HTTP, in the clear or obfuscated (BEP 3, 7, 8, 12, 23).
///
/// Start with [AnnounceOrder], the pure rules of which tracker is asked next and how, then
/// [Announcer], the thread that follows them, then [HttpTracker], which moves one announce over the
/// JDK's HTTP client. What they find goes to the torrent as [AnnounceOutcome]s. Depends on
/// `protocol` and `settings`.
@NullMarked
package dev.thistle.engine.discovery;

import org.jspecify.annotations.NullMarked;
