package dev.thistle.protocol.peer;

import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;

/// One peer wire message, without its four-byte length prefix (BEP 3, 6, 10, 52).
///
/// Buffers in messages that were read are views of the receive buffer, valid until the next read.
public sealed interface PeerMessage {

    record KeepAlive() implements PeerMessage {}

    record Choke() implements PeerMessage {}

    record Unchoke() implements PeerMessage {}

    record Interested() implements PeerMessage {}

    record NotInterested() implements PeerMessage {}

    record Have(int piece) implements PeerMessage {}

    /// Which pieces the sender has: one bit each, highest bit first, spare bits zero.
    record Bitfield(ByteBuffer bits) implements PeerMessage {}

    /// Asks for `length` bytes of `piece`, starting `begin` bytes into it.
    record Request(int piece, int begin, int length) implements PeerMessage {}

    /// Carries a block.
    record Piece(int piece, int begin, ByteBuffer data) implements PeerMessage {}

    /// Takes a [Request] back.
    record Cancel(int piece, int begin, int length) implements PeerMessage {}

    /// The sender's DHT port (BEP 5).
    record Port(int port) implements PeerMessage {}

    /// A piece the sender would like to be asked for (BEP 6).
    record SuggestPiece(int piece) implements PeerMessage {}

    /// Instead of a bitfield of ones (BEP 6).
    record HaveAll() implements PeerMessage {}

    /// Instead of a bitfield of zeros (BEP 6).
    record HaveNone() implements PeerMessage {}

    /// A [Request] that will not be answered (BEP 6).
    record RejectRequest(int piece, int begin, int length) implements PeerMessage {}

    /// A piece that may be asked for while choked (BEP 6).
    record AllowedFast(int piece) implements PeerMessage {}

    /// An extension message; id 0 is the [ExtendedHandshake] (BEP 10).
    record Extended(int extensionId, ByteBuffer payload) implements PeerMessage {}

    /// Asks for hashes of a v2 file (BEP 52). Must be answered by [Hashes] or [HashReject].
    record HashRequest(HashRange range) implements PeerMessage {}

    /// The hashes of `range`, lowest layer first, 32 bytes each, and the proof behind them: for
    /// each layer that does not follow from the hashes before it the one hash beside the way up.
    record Hashes(HashRange range, ByteString hashes) implements PeerMessage {}

    /// A [HashRequest] that will not be answered (BEP 52).
    record HashReject(HashRange range) implements PeerMessage {}

    /// A message this build does not know: skipped, not fatal.
    record Unknown(int id, int length) implements PeerMessage {}
}
