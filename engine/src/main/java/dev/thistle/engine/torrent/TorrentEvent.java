package dev.thistle.engine.torrent;

import dev.thistle.engine.discovery.AnnounceOutcome;
import dev.thistle.engine.peers.Candidates.Kind;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.PeerEvent;
import dev.thistle.engine.pieces.PieceCheck;
import dev.thistle.engine.webseeds.WebSeedEvent;
import dev.thistle.protocol.PeerAddress;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that can happen to a torrent.
sealed interface TorrentEvent {

    /// A peer called us and both handshakes are done.
    record Accepted(Greeted greeted) implements TorrentEvent {}

    /// A call of ours reached a peer.
    record Reached(PeerAddress address, Kind kind, Greeted greeted) implements TorrentEvent {}

    /// A call of ours failed.
    ///
    /// @param noMse whether the other side seems not to speak MSE
    record CallFailed(PeerAddress address, boolean noMse, String reason) implements TorrentEvent {}

    /// A connection heard something or ended.
    record FromPeer(PeerEvent event) implements TorrentEvent {}

    /// A tracker answered or failed.
    record Announced(AnnounceOutcome outcome) implements TorrentEvent {}

    /// A web seed delivered or failed.
    record FromWebSeed(WebSeedEvent event) implements TorrentEvent {}

    /// A portion of what was in doubt has been hashed.
    ///
    /// @param looked the portion
    /// @param found in it; what is still in doubt was not looked at
    /// @param failure why it could not be read
    record LateChecked(BitSet looked, PieceCheck.Found found, Optional<String> failure)
            implements TorrentEvent {}

    /// The user named peers.
    record PeersNamed(List<PeerAddress> addresses) implements TorrentEvent {}

    /// The user wants something else of the torrent.
    record Selected() implements TorrentEvent {}

    /// Somebody waits for these pieces until these monotonic times, and for no others.
    record Awaited(Object waiter, Map<Integer, Long> nanosByPiece) implements TorrentEvent {}

    /// The torrent cannot go on: a file was deleted or cut while it was in use, or the session has
    /// the same torrent by another name.
    record GivenUp(String reason) implements TorrentEvent {}

    /// A torrent that is halted shall try again now.
    record RetryAsked() implements TorrentEvent {}

    /// It is time to look at what comes with time alone.
    record TimePassed() implements TorrentEvent {}

    /// The torrent shall end.
    record StopAsked() implements TorrentEvent {}
}
