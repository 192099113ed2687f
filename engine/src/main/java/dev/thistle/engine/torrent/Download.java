package dev.thistle.engine.torrent;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.peers.PeerEvent.Utterance.Delivered;
import dev.thistle.engine.pieces.PieceAssembly;
import dev.thistle.engine.pieces.PieceCheck;
import dev.thistle.engine.pieces.PiecePicker;
import dev.thistle.engine.pieces.PiecePicker.Asker;
import dev.thistle.engine.pieces.PiecePicker.Block;
import dev.thistle.engine.pieces.PiecePriorities;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.engine.stream.Arrivals;
import dev.thistle.engine.webseeds.WebSeed;
import dev.thistle.engine.webseeds.WebSeedEvent;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.RejectRequest;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is asked of whom, and what comes of it. Owned by the torrent's thread.
final class Download {

    /// Requests that a fast peer is sent together: in one packet, for one MiB.
    private static final int ASKED_AT_ONCE = 64;

    private final Metainfo metainfo;
    private final KnownHashes known;
    private final LateCheck late;
    private final PieceStore store;
    private final PiecePicker picker;
    private final Swarm swarm;
    private final long requestPatienceNanos;
    private final Consumer<SessionEvent> events;
    private final Map<Integer, PieceAssembly> assemblies = new HashMap<>();
    private final Deadlines deadlines;
    private final Blame blame;
    private final Arrivals arrivals = new Arrivals();
    private long verifiedBytes;
    private long wantedBytes;
    private long verifiedWantedBytes;
    private long wastedBytes;
    private int failedPieces;
    private @Nullable String failure;

    Download(
            Metainfo metainfo,
            KnownHashes known,
            LateCheck late,
            Blame blame,
            PieceStore store,
            Swarm swarm,
            long requestPatienceNanos,
            RandomGenerator random,
            Consumer<SessionEvent> events) {
        this.metainfo = metainfo;
        this.known = known;
        this.late = late;
        this.store = store;
        this.swarm = swarm;
        this.requestPatienceNanos = requestPatienceNanos;
        this.events = events;
        picker = new PiecePicker(metainfo.pieceCount(), metainfo::pieceLengthBytes, random);
        deadlines = new Deadlines(picker);
        this.blame = blame;
    }

    /// These pieces were there already, from an earlier run.
    void found(BitSet pieces) {
        for (int piece = pieces.nextSetBit(0); piece >= 0; piece = pieces.nextSetBit(piece + 1)) {
            picker.found(piece);
            arrivals.add(piece);
            verifiedBytes += metainfo.pieceLengthBytes(piece);
            verifiedWantedBytes += picker.isWanted(piece) ? metainfo.pieceLengthBytes(piece) : 0;
        }
    }

    /// These pieces were there already, which is known only now that there are peers.
    void foundLate(BitSet pieces) {
        found(pieces);
        pieces.stream().forEach(piece -> tellAll(piece, picker.isWanted(piece)));
    }

    /// A piece is here that was not before.
    private void tellAll(int piece, boolean wasWanted) {
        for (Peer peer : swarm.all()) {
            if (wasWanted && peer.pieces.get(piece)) {
                peer.wantedPieces--;
                tellInterest(peer);
            }
        }
        swarm.sayToAll(new PeerMessage.Have(piece));
    }

    /// Of these pieces some blocks were there already.
    void found(Map<Integer, BitSet> unfinished) {
        unfinished.forEach((piece, blocks) -> {
            picker.found(piece, blocks);
            assemblies.put(piece, assembly(piece, blocks));
        });
    }

    private PieceAssembly assembly(int piece, BitSet written) {
        var assembly = new PieceAssembly(metainfo, known::layers, store, piece, written);
        if (blame.isSuspect(piece)) {
            assembly.suspect();
        }
        return assembly;
    }

    /// Which blocks are there of pieces that are not yet whole.
    Map<Integer, BitSet> unfinished() {
        return picker.unfinished();
    }

    /// Every piece is here.
    boolean isComplete() {
        return picker.isComplete();
    }

    /// Every piece is here that is wanted.
    boolean isFinished() {
        return picker.isFinished();
    }

    /// Sets what is wanted; what peers have may become interesting by it, or cease to be.
    void select(Selection selection) {
        picker.prioritise(PiecePriorities.of(metainfo, selection));
        picker.sequential(selection.sequential());
        wantedBytes = 0;
        verifiedWantedBytes = 0;
        for (int piece = 0; piece < metainfo.pieceCount(); piece++) {
            if (picker.isWanted(piece)) {
                wantedBytes += metainfo.pieceLengthBytes(piece);
                verifiedWantedBytes += picker.has(piece) ? metainfo.pieceLengthBytes(piece) : 0;
            }
        }
        for (Peer peer : swarm.all()) {
            peer.wantedPieces = wantedOf(peer.pieces);
            tellInterest(peer);
        }
    }

    private int wantedOf(BitSet pieces) {
        int wanted = 0;
        for (int piece = pieces.nextSetBit(0); piece >= 0; piece = pieces.nextSetBit(piece + 1)) {
            wanted += picker.wants(piece) ? 1 : 0;
        }
        return wanted;
    }

    /// Pieces that somebody waits for.
    Deadlines deadlines() {
        return deadlines;
    }

    boolean has(int piece) {
        return picker.has(piece);
    }

    BitSet have() {
        return picker.have();
    }

    int haveCount() {
        return picker.haveCount();
    }

    long verifiedBytes() {
        return verifiedBytes;
    }

    /// For those who read what has come. Any thread.
    Arrivals arrivals() {
        return arrivals;
    }

    /// Of the pieces that are wanted.
    long wantedBytes() {
        return wantedBytes;
    }

    /// Of the pieces that are wanted, those that are here.
    long verifiedWantedBytes() {
        return verifiedWantedBytes;
    }

    long wastedBytes() {
        return wastedBytes;
    }

    int failedPieces() {
        return failedPieces;
    }

    /// Why the torrent cannot go on, if it cannot.
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /// The first announcement may make a peer a seed, which is cheap to count; what later ones add
    /// is counted piece by piece, and nothing is taken back by them.
    ///
    /// @param news what the peer had not announced before
    void announced(Peer peer, BitSet news) {
        if (!peer.pieces.isEmpty()) {
            news.stream().forEach(piece -> has(peer, piece));
            return;
        }
        peer.pieces.or(news);
        peer.joinedAsSeed = news.cardinality() == metainfo.pieceCount();
        picker.peerJoined(news);
        peer.wantedPieces = wantedOf(news);
        tellInterest(peer);
    }

    void has(Peer peer, int piece, long nowNanos) {
        if (peer.pieces.get(piece)) {
            bearIdleTalk(peer, nowNanos);
        }
        has(peer, piece);
    }

    /// What says nothing new is borne for a while.
    static void bearIdleTalk(Peer peer, long nowNanos) {
        if (!peer.idleTalk.pass(nowNanos)) {
            peer.connection.close("floods us with messages that say nothing new");
        }
    }

    private void has(Peer peer, int piece) {
        if (!peer.pieces.get(piece)) {
            peer.pieces.set(piece);
            picker.peerGained(piece);
            peer.wantedPieces += picker.wants(piece) ? 1 : 0;
            tellInterest(peer);
        }
    }

    private static void tellInterest(Peer peer) {
        boolean interested = peer.wantedPieces > 0;
        if (interested != peer.weAreInterested) {
            peer.weAreInterested = interested;
            peer.connection.say(
                    interested ? new PeerMessage.Interested() : new PeerMessage.NotInterested());
        }
    }

    /// Fills the peer's pipeline once there is room worth waking the writer for.
    void ask(Peer peer, long nowNanos) {
        int under = peer.connection.askedCount();
        int count = peer.pipeline() - under;
        boolean worthIt = count > 0 && count >= Math.min(under / 2, ASKED_AT_ONCE);
        BitSet offered = peer.itChokesUs ? peer.allowedFast.among(peer.pieces) : peer.pieces;
        if (offered.isEmpty() || !peer.weAreInterested || !worthIt) {
            return;
        }
        if (under == 0) {
            peer.lastProgressNanos = nowNanos;
        }
        if (!peer.rejectedPieces.isEmpty() || late.withholdsAny()) {
            offered = (BitSet) offered.clone();
            offered.andNot(peer.rejectedPieces);
            late.withhold(offered);
        }
        var asker =
                new Asker(
                        peer.number(),
                        offered,
                        peer.deliversWholePieces(metainfo.pieceLengthBytes()));
        var blocks = new LinkedHashMap<Block, PieceAssembly>();
        for (Block block : picker.pick(asker, count, nowNanos)) {
            blocks.put(block, assemblyOf(block.piece()));
        }
        peer.connection.ask(blocks);
    }

    /// A block that was asked for came and is written.
    void delivered(Peer peer, Delivered block, long nowNanos) {
        peer.blockCame(nowNanos);
        peer.unaskedBlocks.blockCame();
        var whole = new Block(block.assembly().piece(), block.begin(), block.lengthBytes());
        delivered(peer.number(), whole, block.assembly(), block.outcome());
    }

    /// A block that a web seed was asked for came and is written.
    void delivered(WebSeedEvent.Delivered block) {
        var whole = new Block(block.assembly().piece(), block.begin(), block.lengthBytes());
        delivered(block.number(), whole, block.assembly(), block.outcome());
    }

    private void delivered(
            int source, Block block, PieceAssembly assembly, PieceAssembly.Outcome outcome) {
        int piece = block.piece();
        if (assemblies.get(piece) != assembly) { // that attempt at the piece is over
            if (outcome == PieceAssembly.Outcome.DUPLICATE) {
                wastedBytes += block.lengthBytes(); // others may have been overtaken by the last
            }
            return;
        }
        for (int number : picker.arrived(source, piece, block.begin())) {
            Peer other = swarm.peer(number);
            if (other != null && other.connection.unask(block)) {
                other.unaskedBlocks.takenBack(1);
            }
        }
        switch (outcome) {
            case STORED -> {}
            case DUPLICATE -> wastedBytes += block.lengthBytes();
            case VERIFIED -> verified(assembly);
            case MISMATCHED -> mismatched(assembly);
            case CONTRADICTORY -> failure = PieceCheck.contradiction(piece);
        }
    }

    /// What a web seed is to fetch next: a piece, and those behind it that nobody has begun, so
    /// that one request can bring many.
    ///
    /// @param offered pieces that it has
    List<WebSeed.Part> takeRun(int source, BitSet offered, int maxBytes, long nowNanos) {
        BitSet pieces = offered;
        if (late.withholdsAny()) {
            pieces = (BitSet) offered.clone();
            late.withhold(pieces);
        }
        int blocks = Math.max(1, maxBytes / PeerMessageCodec.BLOCK_BYTES);
        int perPiece =
                Math.min(
                        blocks,
                        Math.ceilDiv(metainfo.pieceLengthBytes(), PeerMessageCodec.BLOCK_BYTES));
        var taken =
                new ArrayList<Block>(
                        picker.pick(new Asker(source, pieces, true), perPiece, nowNanos));
        int next = taken.isEmpty() ? 0 : taken.getLast().piece() + 1;
        while (!taken.isEmpty()
                && taken.size() + perPiece <= blocks
                && next < metainfo.pieceCount()
                && pieces.get(next)
                && picker.wants(next)
                && !picker.isBegun(next)) {
            BitSet only = new BitSet();
            only.set(next++);
            taken.addAll(picker.pick(new Asker(source, only, true), perPiece, nowNanos));
        }
        return taken.stream()
                .map(block -> new WebSeed.Part(block, assemblyOf(block.piece())))
                .toList();
    }

    /// A source that is no peer sends nothing more of what it was asked for.
    void givenUp(int source) {
        picker.releaseAll(source);
    }

    private PieceAssembly assemblyOf(int piece) {
        return assemblies.computeIfAbsent(piece, _ -> assembly(piece, new BitSet()));
    }

    private void verified(PieceAssembly assembly) {
        int piece = assembly.piece();
        assemblies.remove(piece);
        boolean wanted = picker.wants(piece);
        blame.verified(assembly, picker.verified(piece));
        arrivals.add(piece);
        verifiedBytes += metainfo.pieceLengthBytes(piece);
        verifiedWantedBytes += wanted ? metainfo.pieceLengthBytes(piece) : 0;
        tellAll(piece, wanted);
        events.accept(new SessionEvent.PieceVerified(metainfo.infoHash(), piece));
    }

    private void mismatched(PieceAssembly assembly) {
        int piece = assembly.piece();
        assemblies.remove(piece);
        failedPieces++;
        wastedBytes += metainfo.pieceLengthBytes(piece);
        events.accept(new SessionEvent.PieceFailed(metainfo.infoHash(), piece));
        int[] byBlock = picker.sendersByBlock(piece);
        blame.failed(assembly, byBlock, picker.failed(piece));
    }

    void unasked(Peer peer, int lengthBytes) {
        wastedBytes += lengthBytes;
        if (!peer.unaskedBlocks.spend()) {
            peer.connection.close("sends blocks that nobody asked for");
        }
    }

    /// After a choke that is how requests end; from a peer that does not choke us it says that the
    /// next request would fare no better. BEP 6 has us hang up on who rejects what was not asked
    /// for, but that may answer a request that was taken back: as many are borne as blocks.
    void rejected(Peer peer, RejectRequest reject, long nowNanos) {
        var block = new Block(reject.piece(), reject.begin(), reject.length());
        if (peer.connection.refused(block)) {
            picker.released(peer.number(), reject.piece(), reject.begin());
            if (peer.itChokesUs) {
                peer.allowedFast.refused(reject.piece());
            } else {
                peer.rejectedPieces.set(reject.piece());
                peer.lastRejectNanos = nowNanos;
            }
        } else if (!peer.unaskedBlocks.spend()) {
            peer.connection.close("rejects requests that nobody made");
        }
    }

    void unchoked(Peer peer, long nowNanos) {
        if (!peer.itChokesUs) {
            bearIdleTalk(peer, nowNanos);
            return;
        }
        peer.itChokesUs = false;
        peer.rejectedPieces.clear();
    }

    /// Without the fast extension a choke drops all requests; with it each is rejected by name.
    void choked(Peer peer, long nowNanos) {
        if (peer.itChokesUs) {
            bearIdleTalk(peer, nowNanos);
        }
        peer.itChokesUs = true;
        if (!peer.connection.supportsFast() && peer.connection.askedCount() > 0) {
            peer.connection.refusedAll();
            picker.releaseAll(peer.number());
        }
    }

    /// Lets others have the blocks that a stalled peer owes. When it still owes them after twice
    /// the time, they are taken as lost and it is asked anew: it may be the only one there is.
    void tick(Peer peer, long nowNanos) {
        long stalledNanos = nowNanos - peer.lastProgressNanos;
        if (peer.connection.askedCount() > 0 && stalledNanos > requestPatienceNanos) {
            if (!peer.isSnubbing) {
                peer.isSnubbing = true;
                picker.releaseAll(peer.number());
            } else if (stalledNanos > 2 * requestPatienceNanos) {
                peer.unaskedBlocks.takenBack(peer.connection.unaskAll());
                picker.releaseAll(peer.number());
            }
        }
        if (nowNanos - peer.lastRejectNanos > requestPatienceNanos) {
            peer.rejectedPieces.clear();
        }
    }

    /// The peer has a piece no more (BEP 54). What it owes may still come; it is let others have.
    void lost(Peer peer, int piece) {
        if (peer.pieces.get(piece)) {
            picker.peerLost(peer.number(), piece, peer.joinedAsSeed);
            peer.joinedAsSeed = false;
            peer.pieces.clear(piece);
            peer.wantedPieces -= picker.wants(piece) ? 1 : 0;
            tellInterest(peer);
        }
    }

    void left(Peer peer) {
        blame.left(peer);
        picker.peerLeft(peer.number(), peer.pieces, peer.joinedAsSeed);
    }
}
