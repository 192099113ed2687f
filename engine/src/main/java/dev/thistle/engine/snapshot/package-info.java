/// What outsiders see of a session: immutable values, a moment old.
///
/// Start with [TorrentSnapshot]. Nothing here refers to anything alive. Depends on `protocol` only.
@NullMarked
package dev.thistle.engine.snapshot;

import org.jspecify.annotations.NullMarked;
