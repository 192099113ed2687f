package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.Candidates;
import dev.thistle.engine.peers.Choker;
import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.resume.ResumeData.Described;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.ExtendedHandshake;
import dev.thistle.protocol.peer.ExtensionMessage;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The part of a torrent's life that needs its metainfo: pieces come, are kept and go. Tells
/// [Download] and [Upload] what peers say. Owned by the torrent's thread.
final class Transfer implements Stage {

    final Metainfo metainfo;
    final PieceStore store;
    final Download download;
    final Upload upload;
    final Resumption resumption;
    final Inspection inspection;
    final WebSeeds webSeeds;
    final Giving giving;
    final LateCheck lateCheck;
    private final Introduction introduction;
    private final SuperSeeding superSeeding;
    private final boolean maySuperSeed;
    private final Swarm swarm;
    private final Candidates candidates;
    private final PeerExchange exchange;
    private final HashServer hashServer;
    private final HashRequests hashRequests;
    private final KnownHashes known;

    /// @param remembered what earlier runs were told of the torrent, perhaps nothing; empty if it
    ///   needs not be remembered, because the metainfo was given
    Transfer(
            Metainfo metainfo,
            PieceStore store,
            TorrentSettings settings,
            Surroundings around,
            Introduction introduction,
            Swarm swarm,
            Candidates candidates,
            Optional<Described> remembered,
            Function<Download, WebSeeds> webSeeds,
            Consumer<String> onLoss,
            Consumer<TorrentEvent.LateChecked> onLateCheck,
            long nowNanos) {
        this.metainfo = metainfo;
        this.store = store;
        this.introduction = introduction;
        this.swarm = swarm;
        this.candidates = candidates;
        exchange = new PeerExchange(swarm, candidates, metainfo.isPrivate());
        known = new KnownHashes(metainfo, remembered.map(Described::layers).orElseGet(Map::of));
        lateCheck = new LateCheck(metainfo, known, store, onLateCheck);
        resumption =
                new Resumption(
                        metainfo,
                        store,
                        () ->
                                remembered.isEmpty()
                                        ? Described.NOT
                                        : described(metainfo, known.toRemember()),
                        settings.resume(),
                        onLoss);
        inspection = new Inspection(store, nowNanos);
        giving = new Giving(settings.seeding(), nowNanos);
        hashRequests = new HashRequests(metainfo.infoHashes().v2Truncated(), swarm);
        new LayerFetch(metainfo, known, hashRequests).begin();
        download =
                new Download(
                        metainfo,
                        known,
                        lateCheck,
                        new Blame(metainfo, hashRequests, swarm, this::endWebSeed, around.events()),
                        store,
                        swarm,
                        settings.requestPatience().toNanos(),
                        around.random(),
                        around.events());
        download.select(settings.selection());
        this.webSeeds = webSeeds.apply(download);
        superSeeding = new SuperSeeding(swarm, around.random());
        maySuperSeed = settings.seeding().superSeeding();
        upload =
                new Upload(
                        metainfo,
                        swarm,
                        download,
                        superSeeding,
                        new Choker(
                                settings.optimisticInterval(),
                                settings.seeding().choking(),
                                around.random()),
                        settings.uploadSlots(),
                        around.allowance().slots().claim(),
                        settings.chokeInterval().toNanos(),
                        nowNanos);
        hashServer = new HashServer(metainfo, store, known, download::has);
    }

    private void endWebSeed(String reason, int number) {
        webSeeds.end(reason, number);
    }

    private static Described described(Metainfo metainfo, Map<Sha256, ByteString> layers) {
        byte[] info = new byte[metainfo.infoBytes().remaining()];
        metainfo.infoBytes().get(info);
        return new Described(Optional.of(ByteString.of(info)), layers);
    }

    /// What is there from earlier runs. Before the first peer comes.
    ///
    /// @param have was checked
    /// @param inDoubt cannot be checked yet
    void found(BitSet have, BitSet inDoubt) {
        download.found(have);
        resumption.found(download.verifiedBytes());
        lateCheck.begin(inDoubt);
        if (maySuperSeed && download.isComplete()) {
            superSeeding.begin(metainfo.pieceCount());
        }
    }

    /// What was in doubt is judged.
    void lateChecked(TorrentEvent.LateChecked portion, long nowNanos) {
        lateCheck.looked(portion);
        download.foundLate(portion.found().right());
        lateCheck.goOn();
        swarm.all().forEach(peer -> download.ask(peer, nowNanos));
    }

    /// Which blocks are there of pieces that are not known to be right; of those in doubt all.
    Map<Integer, BitSet> unfinished() {
        Map<Integer, BitSet> unfinished = download.unfinished();
        unfinished.putAll(lateCheck.blocks());
        return unfinished;
    }

    @Override
    public void welcome(Peer peer) {
        boolean hides = superSeeding.isOn();
        peer.connection.begin(metainfo, store);
        introduction.ofUs(peer, Optional.of(metainfo), download.isFinished() && !hides);
        BitSet told = hides ? new BitSet() : download.have();
        Introduction.ofPieces(peer.connection, told, metainfo.pieceCount());
    }

    /// A peer that came when only the magnet link was known: now what it said counts.
    void takeOver(Peer peer, long nowNanos) {
        welcome(peer);
        Optional<BitSet> claims = peer.earlyClaims.of(metainfo.pieceCount());
        if (claims.isEmpty()) {
            peer.connection.close("claims pieces that the torrent does not have");
            return;
        }
        if (peer.earlyClaims.isAny()) {
            announced(peer, claims.get(), nowNanos);
        }
        peer.earlyClaims.exchange().ifPresent(met -> exchange.heard(peer, met, nowNanos));
        if (peer.itIsInterested) {
            upload.interested(peer, nowNanos);
        }
    }

    @Override
    public void hear(Peer peer, Utterance utterance, long nowNanos) {
        switch (utterance) {
            case Utterance.Delivered delivered -> download.delivered(peer, delivered, nowNanos);
            case Utterance.Unasked(int bytes) -> download.unasked(peer, bytes);
            case Utterance.HasPieces(BitSet pieces) -> {
                if (requireOfTorrent(peer, pieces.length() - 1, spareBits())) {
                    pieces.clear(metainfo.pieceCount(), Integer.MAX_VALUE);
                    announced(peer, pieces, nowNanos);
                }
            }
            case Utterance.HasAll() -> {
                var all = new BitSet();
                all.set(0, metainfo.pieceCount());
                announced(peer, all, nowNanos);
            }
            case Utterance.Introduced(ExtendedHandshake extended) ->
                    introduction.ofThem(peer, extended, nowNanos);
            case Utterance.Told(ExtensionMessage message) -> hear(peer, message, nowNanos);
            case Utterance.Said(PeerMessage message) -> hear(peer, message, nowNanos);
        }
    }

    /// What it has, told at once: aria2 does so in place of many haves, so what brings news is
    /// always welcome.
    ///
    /// @param pieces ours from now on
    private void announced(Peer peer, BitSet pieces, long nowNanos) {
        BitSet news = pieces;
        news.andNot(peer.pieces);
        if (news.isEmpty()) {
            Download.bearIdleTalk(peer, nowNanos);
        } else {
            download.announced(peer, news);
        }
        superSeeding.announced(peer, news, nowNanos);
        upload.grantFast(peer);
    }

    private int spareBits() {
        return Math.ceilDiv(metainfo.pieceCount(), 8) * 8 - metainfo.pieceCount();
    }

    /// The connection looks at this too, but not at what came before it knew the torrent.
    private boolean requireOfTorrent(Peer peer, int piece, int tolerance) {
        boolean isOfTorrent = piece < metainfo.pieceCount() + tolerance;
        if (!isOfTorrent) {
            peer.connection.close("speaks of piece %d, which is not there".formatted(piece));
        }
        return isOfTorrent;
    }

    private void hear(Peer peer, ExtensionMessage message, long nowNanos) {
        switch (message) {
            case ExtensionMessage.MetadataRequest(int block) ->
                    peer.metadata.requested(peer, metainfo, block, nowNanos);
            case ExtensionMessage.UploadOnly(boolean uploadOnly) -> peer.isUploadOnly = uploadOnly;
            case ExtensionMessage.PeersChanged changed -> exchange.heard(peer, changed, nowNanos);
            case ExtensionMessage.DontHave(int piece) -> {
                if (peer.pieces.get(piece)) {
                    Download.bearIdleTalk(peer, nowNanos); // as it may be told by turns with have
                    download.lost(peer, piece);
                    superSeeding.lost(peer, piece);
                }
            }
            case ExtensionMessage.MetadataBlock _,
                    ExtensionMessage.MetadataReject _,
                    ExtensionMessage.Unheard _ -> {} // we have it, or do not know what this is
        }
    }

    private void hear(Peer peer, PeerMessage message, long nowNanos) {
        switch (message) {
            case PeerMessage.Choke() -> download.choked(peer, nowNanos);
            case PeerMessage.Unchoke() -> download.unchoked(peer, nowNanos);
            case PeerMessage.Interested() -> {
                if (changesItsMind(peer, true, nowNanos)) {
                    upload.interested(peer, nowNanos);
                }
            }
            case PeerMessage.NotInterested() -> {
                if (changesItsMind(peer, false, nowNanos)) {
                    upload.notInterested(peer, nowNanos);
                }
            }
            case PeerMessage.Have(int piece) -> {
                if (requireOfTorrent(peer, piece, 0)) {
                    boolean isNews = !peer.pieces.get(piece);
                    download.has(peer, piece, nowNanos);
                    if (isNews) {
                        superSeeding.gained(peer, piece, nowNanos);
                    }
                }
            }
            case PeerMessage.Request request -> {
                if (requireOfTorrent(peer, request.piece(), 0)) {
                    upload.requested(peer, request, nowNanos);
                }
            }
            case PeerMessage.Cancel cancel -> upload.cancelled(peer, cancel, nowNanos);
            case PeerMessage.RejectRequest reject -> download.rejected(peer, reject, nowNanos);
            case PeerMessage.AllowedFast(int piece) -> peer.allowedFast.granted(piece);
            case PeerMessage.HashRequest(HashRange range) -> {
                peer.hashErrand.asked(nowNanos);
                hashServer.requested(peer, range, nowNanos);
            }
            case PeerMessage.Hashes(HashRange range, var hashes) -> {
                hashRequests.received(peer, range, hashes, nowNanos);
                lateCheck.goOn();
                download.ask(peer, nowNanos);
            }
            case PeerMessage.HashReject(HashRange range) ->
                    hashRequests.rejected(peer, range, nowNanos);
            case PeerMessage.KeepAlive _,
                    PeerMessage.Bitfield _,
                    PeerMessage.Piece _,
                    PeerMessage.Port _,
                    PeerMessage.SuggestPiece _,
                    PeerMessage.HaveAll _,
                    PeerMessage.HaveNone _,
                    PeerMessage.Extended _,
                    PeerMessage.Unknown _ ->
                    throw new IllegalStateException("the connection deals with " + message);
        }
    }

    /// Whether the peer wants something, or nothing, from now on, and slots are to be looked at for
    /// it: who changes its mind without end waits for the next round of choking.
    private static boolean changesItsMind(Peer peer, boolean isInterested, long nowNanos) {
        if (peer.itIsInterested == isInterested) {
            Download.bearIdleTalk(peer, nowNanos);
            return false;
        }
        peer.itIsInterested = isInterested;
        return peer.changesOfMind.pass(nowNanos);
    }

    /// The piece layers that are known by now.
    PieceLayers layers() {
        return known.layers();
    }

    /// Whether pieces are hidden (BEP 16).
    boolean isSuperSeeding() {
        return superSeeding.isOn();
    }

    /// Looks at what concerns nobody in particular when time has passed.
    void tick(long nowNanos) {
        candidates.callSeeds(!download.isFinished());
        upload.tick(nowNanos);
        hashRequests.tick(nowNanos);
        hashServer.tick(nowNanos);
    }

    @Override
    public void tick(Peer peer, long nowNanos) {
        download.tick(peer, nowNanos);
        download.ask(peer, nowNanos);
        superSeeding.tick(peer, nowNanos);
        peer.metadata.tick(peer, metainfo, nowNanos);
        exchange.tick(peer, nowNanos);
        if (isOverFor(peer) && !exchange.goesOn(peer, nowNanos)) {
            peer.connection.close("neither side needs anything");
        }
    }

    @Override
    public void left(Peer peer) {
        download.left(peer);
        superSeeding.left(peer);
        hashServer.left(peer);
        upload.left(peer);
    }

    @Override
    public boolean isComplete() {
        return download.isComplete();
    }

    @Override
    public boolean isOverFor(Peer peer) {
        return download.isFinished()
                && !hashRequests.needs(peer)
                && (peer.pieces.cardinality() == metainfo.pieceCount() || peer.isUploadOnly);
    }
}
