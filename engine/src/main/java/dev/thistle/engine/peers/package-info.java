/// Conversations with other peers, from the call to the last byte.
///
/// A call begins in [Greeter]: MSE or plaintext, then the BitTorrent handshake, as [Greeted]. From
/// then on a [PeerConnection] has one thread that reads and one that writes; what it hears goes to
/// the torrent as [PeerEvent]s, what the torrent wants to say waits in its [Outbox]. [Candidates]
/// knows whom to call next and how, [Choker] who may download from us.
///
/// The decisions are pure and owned by the torrent's thread; the threads here only move bytes. A
/// block that was asked for goes straight from the receive buffer into its
/// [PieceAssembly][dev.thistle.engine.pieces.PieceAssembly]. Depends on `settings`, `pieces`,
/// `protocol` and `net`.
@NullMarked
package dev.thistle.engine.peers;

import org.jspecify.annotations.NullMarked;
