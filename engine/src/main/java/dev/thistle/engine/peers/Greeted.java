package dev.thistle.engine.peers;

import dev.thistle.engine.snapshot.Protection;
import dev.thistle.net.Link;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.peer.Handshake;
import java.nio.ByteBuffer;

/// A connection on which both handshakes have been exchanged.
///
/// @param link already deciphering: what it reads and writes is plaintext
/// @param received plaintext that came behind the handshake
/// @param handshake the other side's
/// @param name of the torrent for both sides from here on: the one that who was called answered
///   with, which of a hybrid may be another than was asked for (BEP 52)
/// @param protection what the wire shows
/// @param isIncoming whether the other side called us
public record Greeted(
        Link link,
        ByteBuffer received,
        Handshake handshake,
        InfoHash name,
        Protection protection,
        boolean isIncoming) {}
