package dev.thistle.engine.torrent;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.limits.Quota;
import dev.thistle.engine.peers.Choker;
import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.util.BitSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The part of a torrent's life that needs its metainfo: pieces come, are kept and go. Tells
/// [Download] and [Upload] what peers say. Owned by the torrent's thread.
final class Transfer {

    final Metainfo metainfo;
    final PieceStore store;
    final Download download;
    final Upload upload;

    Transfer(
            Metainfo metainfo,
            PieceStore store,
            TorrentSettings settings,
            Swarm swarm,
            Quota allSlots,
            RandomGenerator random,
            Consumer<SessionEvent> events,
            long nowNanos) {
        this.metainfo = metainfo;
        this.store = store;
        download =
                new Download(
                        metainfo,
                        store,
                        swarm,
                        settings.requestPatience().toNanos(),
                        random,
                        events);
        download.select(settings.selection());
        upload =
                new Upload(
                        metainfo,
                        swarm,
                        download,
                        new Choker(settings.uploadSlots(), settings.optimisticInterval(), random),
                        settings.uploadSlots(),
                        allSlots,
                        settings.chokeInterval().toNanos(),
                        nowNanos);
    }

    void hear(Peer peer, Utterance utterance, long nowNanos) {
        switch (utterance) {
            case Utterance.Delivered delivered -> download.delivered(peer, delivered, nowNanos);
            case Utterance.Unasked(_, _, int bytes) -> download.unasked(peer, bytes);
            case Utterance.HasPieces(BitSet pieces) -> download.announced(peer, pieces);
            case Utterance.Introduced(ExtendedHandshake extended) -> peer.introduced(extended);
            case Utterance.Said(PeerMessage message) -> hear(peer, message, nowNanos);
        }
    }

    private void hear(Peer peer, PeerMessage message, long nowNanos) {
        switch (message) {
            case PeerMessage.Choke() -> download.choked(peer);
            case PeerMessage.Unchoke() -> download.unchoked(peer);
            case PeerMessage.Interested() -> upload.interested(peer, nowNanos);
            case PeerMessage.NotInterested() -> upload.notInterested(peer, nowNanos);
            case PeerMessage.Have(int piece) -> download.has(peer, piece);
            case PeerMessage.Request request -> upload.requested(peer, request);
            case PeerMessage.Cancel cancel -> upload.cancelled(peer, cancel);
            case PeerMessage.RejectRequest reject -> download.rejected(peer, reject, nowNanos);
            case PeerMessage.HashRequest(HashRange range) -> // each must have an answer (BEP 52)
                    peer.connection.say(new PeerMessage.HashReject(range));
            case PeerMessage.Hashes _, PeerMessage.HashReject _ -> {} // nothing is asked for
            case PeerMessage.KeepAlive _,
                    PeerMessage.Bitfield _,
                    PeerMessage.Piece _,
                    PeerMessage.Port _,
                    PeerMessage.SuggestPiece _,
                    PeerMessage.HaveAll _,
                    PeerMessage.HaveNone _,
                    PeerMessage.AllowedFast _,
                    PeerMessage.Extended _,
                    PeerMessage.Unknown _ ->
                    throw new IllegalStateException("the connection deals with " + message);
        }
    }

    /// Looks at one peer when time has passed.
    void tick(Peer peer, long nowNanos) {
        download.tick(peer, nowNanos);
        download.ask(peer, nowNanos);
    }

    /// Whether we have everything, and so has the peer.
    boolean neitherNeedsAnything(Peer peer) {
        return download.isComplete()
                && (peer.pieces.cardinality() == metainfo.pieceCount() || peer.isUploadOnly);
    }
}
