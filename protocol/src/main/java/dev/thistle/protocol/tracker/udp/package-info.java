/// What clients and trackers say to each other in datagrams (BEP 15, BEP 41). Both sides, so that
/// each tests the other.
///
/// A client starts with [UdpTrackerUrl] (whom), then [UdpTrackerExchange], the machine that asks
/// until it is answered. A tracker reads [UdpRequest]s and writes [UdpAnswer]s. [UdpRequestCodec]
/// and [UdpAnswerCodec] are how they look on the wire.
///
/// There is no obfuscated form (BEP 8): every datagram names its torrent. Not here: sockets, and
/// how a tracker makes connection ids. Style: values; bad datagrams are values too, because floods
/// of them are normal.
@NullMarked
package dev.thistle.protocol.tracker.udp;

import org.jspecify.annotations.NullMarked;
