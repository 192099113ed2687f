/// A BitTorrent engine: what a program embeds.
///
/// Start with [Session]: it listens on one port and holds the torrents. [Torrent] is the handle of
/// one of them; its snapshots say how it is doing. Inside, `torrent` owns each torrent on one
/// thread, `pieces` has the data, `peers` the conversations, `discovery` the trackers, `settings`
/// what the caller decides. Wiring is by constructors alone and there is no static state, so many
/// sessions live in one JVM.
@NullMarked
package dev.thistle.engine;

import org.jspecify.annotations.NullMarked;
