/// The peer wire protocol: the 68-byte handshake and the messages after it.
///
/// Start with [PeerMessage] (what can be said), then [PeerMessageCodec] (how it looks on the wire),
/// then [HandshakeReader] (how a conversation begins). [ExtendedHandshake] is the dictionary inside
/// the first extension message, [ExtensionMessage] what stands in the others. [AllowedFastSet] and
/// [PeerPriority] are two rules that both ends compute alike.
///
/// Specs: BEP 3, BEP 6 (fast extension), BEP 9 (metadata), BEP 10 (extension protocol), BEP 11
/// (peer exchange), BEP 21 (upload only), BEP 40 (priority), BEP 52 (hashes), BEP 54 (lost pieces).
/// Not here: encryption (`mse`) and every decision, such as whom to choke or what to ask for (the
/// engine). Depends on the root package and `bencode`. Style: values; a block's data is a view,
/// never a copy.
@NullMarked
package dev.thistle.protocol.peer;

import org.jspecify.annotations.NullMarked;
