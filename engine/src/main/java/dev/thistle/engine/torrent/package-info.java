/// One torrent and the thread that owns it.
///
/// Start with [TorrentLoop]: a bounded queue of [TorrentEvent]s and one `switch`, so that
/// everything that can happen to a torrent stands on one screen. It hands each event to one of its
/// collaborators, all of them owned by its thread and without locks: [Swarm] (who is connected),
/// [Doorkeeper] (who comes and goes), [Download] (what is asked of whom), [Upload] (who gets what
/// from us), [Dialer] (whom to call). Outside, others see immutable [TorrentSnapshot]s.
///
/// Depends on `pieces`, `peers`, `discovery`, `settings`; only the session above sees this package.
@NullMarked
package dev.thistle.engine.torrent;

import org.jspecify.annotations.NullMarked;
