/// The peer wire protocol: the 68-byte handshake and the messages after it.
///
/// Start with [PeerMessage] (what can be said), then [PeerMessageCodec] (how it looks on the wire),
/// then [HandshakeReader] (how a conversation begins). [ExtendedHandshake] is the dictionary inside
/// the first extension message.
///
/// Specs: BEP 3, BEP 6 (fast extension), BEP 10 (extension protocol). Not here: encryption (`mse`)
/// and every decision, such as whom to choke or what to ask for (the engine). Depends on the root
/// package and `bencode`. Style: values; a block's data is a view, never a copy.
@NullMarked
package dev.thistle.protocol.peer;

import org.jspecify.annotations.NullMarked;
