/// How bytes travel: a [Network] opens and accepts [Link]s, each a byte stream to one remote.
///
/// Start with [Link]. [TcpNetwork] is the real thing, blocking channels on virtual threads;
/// [MemoryNetwork] is a whole internet in one process with latency, bandwidth, cuts and resets
/// under a seed, for tests and simulations. Nothing here knows what the bytes mean: that is
/// `protocol`, and the two do not know each other.
@NullMarked
package dev.thistle.net;

import org.jspecify.annotations.NullMarked;
