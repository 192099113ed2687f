/// Reading a torrent's files while they still come.
///
/// Start with [FileStream]; [Arrivals] tells it what has come. Nothing here knows about peers: the
/// wish for the next pieces leaves as deadlines. Depends on `storage` and `protocol`.
@NullMarked
package dev.thistle.engine.stream;

import org.jspecify.annotations.NullMarked;
