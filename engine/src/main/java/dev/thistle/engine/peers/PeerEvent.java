package dev.thistle.engine.peers;

import dev.thistle.engine.pieces.PieceAssembly;
import dev.thistle.engine.pieces.PieceAssembly.Outcome;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.PeerMessage;
import java.util.BitSet;
import java.util.List;

/// What a connection tells its torrent. Nothing in an event is shared with the connection's
/// threads.
public sealed interface PeerEvent {

    PeerConnection from();

    /// What one or more reads brought, in order: one event for many messages keeps the torrent's
    /// queue short.
    record Heard(PeerConnection from, List<Utterance> utterances) implements PeerEvent {}

    /// The last event of a connection.
    ///
    /// @param reason one line for a log or a peer list
    record Closed(PeerConnection from, String reason) implements PeerEvent {}

    /// The torrent's data could not be read or written. The connection closes next.
    ///
    /// @param isTaking it happened to a block that came: another time it may go well
    record StoreFailed(PeerConnection from, String reason, boolean isTaking) implements PeerEvent {}

    /// One message, as far as it is the torrent's business.
    sealed interface Utterance {

        /// A message whose numbers say everything; never one with a buffer.
        record Said(PeerMessage message) implements Utterance {}

        /// A bitfield, or that there is nothing yet.
        record HasPieces(BitSet pieces) implements Utterance {}

        /// Everything, in one word, and perhaps before anybody here knows how many pieces that is.
        record HasAll() implements Utterance {}

        record Introduced(ExtendedHandshake extended) implements Utterance {}

        /// An extension message that we offered to take.
        record Told(ExtensionMessage message) implements Utterance {}

        /// A block that was asked for is dealt with.
        ///
        /// @param assembly the piece it went into, which may be over by now
        record Delivered(PieceAssembly assembly, int begin, int lengthBytes, Outcome outcome)
                implements Utterance {}

        /// A block comes that nobody asked for, or whose request was taken back.
        record Unasked(int lengthBytes) implements Utterance {}
    }
}
