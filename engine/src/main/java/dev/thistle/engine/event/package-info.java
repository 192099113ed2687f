/// What happens in a session, told to whoever wants to know.
///
/// Start with [SessionEvent]. Torrents tell on their own threads and go on at once; subscribers
/// hear on theirs, in the order in which it happened to each torrent. Who is told, and how nobody
/// who is slow holds a torrent up, is the session's business. Depends on `snapshot` and `protocol`.
@NullMarked
package dev.thistle.engine.event;

import org.jspecify.annotations.NullMarked;
