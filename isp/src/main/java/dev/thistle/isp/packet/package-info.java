/// What passes an observer: packets of TCP and UDP, their addresses and the networks those belong
/// to.
///
/// Start with [Packet]. It is the one event that all detectors see; whether it came off a wire or
/// out of a capture file they cannot tell. Values here hold primitives, because there are a hundred
/// thousand packets a second. Knows nothing of flows.
@NullMarked
package dev.thistle.isp.packet;

import org.jspecify.annotations.NullMarked;
