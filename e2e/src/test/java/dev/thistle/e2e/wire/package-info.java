/// What was said on the wire: a pcap reader and the byte streams of its TCP connections.
///
/// Start with [Conversation]. Written apart from the product's own packet code, so that it can bear
/// witness against it. Bytes in, values out; no processes and no files here.
@NullMarked
package dev.thistle.e2e.wire;

import org.jspecify.annotations.NullMarked;
