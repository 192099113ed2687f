package dev.thistle.engine.torrent;

import dev.thistle.engine.limits.UploadSlots;
import dev.thistle.engine.peers.Choker;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.AllowedFastSet;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Cancel;
import dev.thistle.protocol.peer.PeerMessage.RejectRequest;
import dev.thistle.protocol.peer.PeerMessage.Request;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who gets what from us. Owned by the torrent's thread.
///
/// Who got a slot keeps it for a round at least, as long as it is interested. Who is not any more
/// gives it up at once, and gets one at once when it is again and one is free: other clients let it
/// wait for ten seconds, in which leechers who pass pieces on one by one would stand still. How
/// often a peer may change its mind is limited where it is heard ([Transfer]).
final class Upload {

    private final Metainfo metainfo;
    private final Swarm swarm;
    private final Download download;
    private final SuperSeeding superSeeding;
    private final Choker choker;
    private final int slots;
    private final UploadSlots.Claim claim;
    private final long roundNanos;
    private long lastRoundNanos;

    /// Those who will get a slot once they know the hashes.
    private final Set<Peer> held = new LinkedHashSet<>();

    Upload(
            Metainfo metainfo,
            Swarm swarm,
            Download download,
            SuperSeeding superSeeding,
            Choker choker,
            int slots,
            UploadSlots.Claim claim,
            long roundNanos,
            long nowNanos) {
        this.metainfo = metainfo;
        this.swarm = swarm;
        this.download = download;
        this.superSeeding = superSeeding;
        this.choker = choker;
        this.slots = slots;
        this.claim = claim;
        this.roundNanos = roundNanos;
        this.lastRoundNanos = nowNanos;
    }

    void interested(Peer peer, long nowNanos) {
        peer.itIsInterested = true;
        if (mustLearnFirst(peer, nowNanos)) {
            held.add(peer);
            return;
        }
        long taken = swarm.all().stream().filter(other -> !other.weChokeIt).count();
        if (peer.weChokeIt && taken < share(nowNanos)) {
            unchoke(peer, nowNanos);
        }
    }

    /// libtorrent 2.0.8 takes a hybrid for damaged, and gives it up, if a piece is complete before
    /// the hash of its blocks came. Whoever asks for hashes, after a magnet link, gets those first.
    private boolean mustLearnFirst(Peer peer, long nowNanos) {
        return metainfo.version() == MetaVersion.HYBRID && peer.hashErrand.isUnderWay(nowNanos);
    }

    /// How many slots there are for the torrent now.
    private int share(long nowNanos) {
        return claim.share(usableSlots(), nowNanos);
    }

    private int usableSlots() {
        long interested = swarm.all().stream().filter(peer -> peer.itIsInterested).count();
        return (int) Math.min(slots, interested);
    }

    void notInterested(Peer peer, long nowNanos) {
        peer.itIsInterested = false;
        if (!peer.weChokeIt) {
            choke(peer, nowNanos);
        }
        claim.wants(usableSlots());
    }

    /// Queues the block, or says no: a peer with the fast extension hears it, another one does not.
    /// Padding at the end of a piece is served as the zeros it stands for, if anybody asks:
    /// libtorrent 2.0.8 does for a file of v2, and takes the last one for padded as well.
    void requested(Peer peer, Request request, long nowNanos) {
        boolean inside =
                request.length() <= PeerMessageCodec.BLOCK_BYTES
                        && (long) request.begin() + request.length()
                                <= servedBytes(request.piece());
        if (!inside
                || !download.has(request.piece())
                || !superSeeding.isShown(peer, request.piece())
                || (peer.weChokeIt && !servesFast(peer, request))
                || !peer.connection.serve(request)) {
            reject(peer, request);
            Download.bearIdleTalk(peer, nowNanos);
        }
    }

    private int servedBytes(int piece) {
        return metainfo.version().hasV2()
                ? metainfo.pieceLengthBytes()
                : metainfo.pieceSpanBytes(piece);
    }

    private static boolean servesFast(Peer peer, Request request) {
        return peer.allowedFast.serves(
                request.piece(), request.length(), peer.pieces.cardinality());
    }

    /// Lets a newcomer ask for some pieces although it is choked (BEP 6), once we know that it has
    /// next to nothing. Not in a hybrid, where it may have to learn hashes first.
    void grantFast(Peer peer) {
        byte[] ip = peer.connection.remote().getAddress().getAddress();
        if (superSeeding.isOn()
                || metainfo.version() == MetaVersion.HYBRID
                || peer.allowedFast.isGranted()
                || !peer.connection.supportsFast()
                || ip.length != 4
                || peer.pieces.cardinality() > AllowedFastSet.USUAL_COUNT) {
            return;
        }
        List<Integer> pieces =
                AllowedFastSet.of(
                                ip,
                                metainfo.infoHash(),
                                metainfo.pieceCount(),
                                AllowedFastSet.USUAL_COUNT)
                        .stream()
                        .filter(piece -> download.has(piece) && !peer.pieces.get(piece))
                        .toList();
        peer.allowedFast.grant(pieces, metainfo.pieceLengthBytes());
        pieces.forEach(piece -> peer.connection.say(new PeerMessage.AllowedFast(piece)));
    }

    /// Takes a request back. That it is on its way already happens to everybody, now and then.
    void cancelled(Peer peer, Cancel cancel, long nowNanos) {
        var request = new Request(cancel.piece(), cancel.begin(), cancel.length());
        if (peer.connection.unserve(request)) {
            reject(peer, request);
        } else {
            Download.bearIdleTalk(peer, nowNanos);
        }
    }

    private static void reject(Peer peer, Request request) {
        if (peer.connection.supportsFast()) {
            peer.connection.say(
                    new RejectRequest(request.piece(), request.begin(), request.length()));
        }
    }

    void tick(long nowNanos) {
        for (Peer peer : List.copyOf(held)) {
            if (!mustLearnFirst(peer, nowNanos)) {
                held.remove(peer);
                if (peer.itIsInterested) {
                    interested(peer, nowNanos);
                }
            }
        }
        if (nowNanos - lastRoundNanos >= roundNanos) {
            lastRoundNanos = nowNanos;
            round(nowNanos);
        }
    }

    private void round(long nowNanos) {
        List<Choker.Interested> interested =
                swarm.all().stream()
                        .filter(peer -> peer.itIsInterested && !held.contains(peer))
                        .map(this::standing)
                        .toList();
        Set<Integer> chosen =
                choker.choose(interested, share(nowNanos), download.isFinished(), nowNanos);
        for (Peer peer : swarm.all()) {
            peer.deliveredAtLastRound = peer.connection.deliveredBytes();
            peer.uploadedAtLastRound = peer.connection.uploadedBytes();
            if (!peer.weChokeIt && !chosen.contains(peer.number()) && !isFresh(peer, nowNanos)) {
                choke(peer, nowNanos);
            }
        }
        for (Peer peer : swarm.all()) {
            if (peer.weChokeIt && chosen.contains(peer.number())) {
                unchoke(peer, nowNanos);
            }
        }
    }

    /// Whether it got its slot between this round and the last: to lose it so soon would only make
    /// the connection flap.
    private boolean isFresh(Peer peer, long nowNanos) {
        return peer.itIsInterested && nowNanos - peer.chokeChangedNanos < roundNanos;
    }

    private Choker.Interested standing(Peer peer) {
        return new Choker.Interested(
                peer.number(),
                peer.connection.deliveredBytes() - peer.deliveredAtLastRound,
                peer.connection.uploadedBytes() - peer.uploadedAtLastRound,
                (int) (peer.pieces.cardinality() * 1_000L / Math.max(1, metainfo.pieceCount())),
                peer.chokeChangedNanos,
                !peer.weChokeIt,
                peer.isSnubbing);
    }

    /// Unless the slots of the session are taken, or another torrent's.
    private void unchoke(Peer peer, long nowNanos) {
        if (!claim.tryTake()) {
            return;
        }
        peer.weChokeIt = false;
        peer.chokeChangedNanos = nowNanos;
        peer.connection.say(new PeerMessage.Unchoke());
    }

    /// A peer is gone from the swarm, and its slot is free: for other torrents, if nobody here
    /// wants it.
    void left(Peer peer) {
        held.remove(peer);
        if (!peer.weChokeIt) {
            peer.weChokeIt = true;
            claim.giveBack();
        }
        claim.wants(usableSlots());
    }

    /// Gives everything back, for good.
    void end() {
        claim.end();
    }

    private void choke(Peer peer, long nowNanos) {
        claim.giveBack();
        peer.weChokeIt = true;
        peer.chokeChangedNanos = nowNanos;
        peer.connection.say(new PeerMessage.Choke());
        peer.connection.unserveAll().forEach(request -> reject(peer, request));
    }
}
