package dev.thistle.engine.pieces;

import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/// Decides which blocks to ask a peer for.
///
/// In this order, each step only if the one before gave too little:
/// 1. the pieces this peer has begun, so that pieces get finished and a bad one has one sender;
/// 2. begun pieces whose sender is gone;
/// 3. a new piece: a random one while the torrent has fewer than [#RANDOM_FIRST_PIECES], so that
///    there is soon something to trade; the rarest after that;
/// 4. blocks nobody was asked for, in pieces that another peer has begun;
/// 5. endgame: every block that is missing has been asked of somebody; ask again, the least asked
///    first, at most [#MAX_ASKED] peers a block. The first answer cancels the others.
///
/// A piece that failed its hash with several senders is fetched anew from one peer alone: when it
/// fails again the culprit is known.
///
/// Peers are numbers. Not thread-safe: the torrent's thread owns it. Steps and numbers follow the
/// strict endgame and the four random pieces of libtorrent.
public final class PiecePicker {

    /// Whole blocks to ask for; only the last of a piece is shorter than 16 KiB.
    public record Block(int piece, int begin, int lengthBytes) {}

    /// Pieces that are chosen at random before rarest first begins.
    public static final int RANDOM_FIRST_PIECES = 4;

    /// One block is asked of at most so many peers at the end: a few stalled ones must not hold a
    /// download up, and the waste stays a fraction of a second's traffic.
    public static final int MAX_ASKED = 4;

    private final int pieceCount;
    private final IntUnaryOperator pieceLengthBytes;
    private final RandomGenerator random;
    private final Availability availability;
    private final BitSet have;
    private final BitSet soleSource = new BitSet();
    private final Map<Integer, BegunPiece> begun = new LinkedHashMap<>();

    /// A picker for a torrent of which nothing is there yet.
    ///
    /// @param pieceLengthBytes piece index to bytes
    public PiecePicker(int pieceCount, IntUnaryOperator pieceLengthBytes, RandomGenerator random) {
        this.pieceCount = pieceCount;
        this.pieceLengthBytes = pieceLengthBytes;
        this.random = random;
        this.have = new BitSet(pieceCount);
        availability = new Availability(pieceCount, random);
    }

    /// A piece was there already, from an earlier run.
    public void found(int piece) {
        have.set(piece);
        availability.settle(piece);
    }

    /// Blocks of a piece were there already, but not all.
    public void found(int piece, BitSet blocks) {
        availability.settle(piece);
        var state = new BegunPiece(piece, pieceLengthBytes.applyAsInt(piece), BegunPiece.NOBODY);
        state.found(blocks);
        begun.put(piece, state);
    }

    /// A copy of which blocks are there of pieces that are not yet whole, by piece.
    public Map<Integer, BitSet> unfinished() {
        var unfinished = new HashMap<Integer, BitSet>();
        begun.forEach((piece, state) -> unfinished.put(piece, state.arrived()));
        unfinished.values().removeIf(BitSet::isEmpty);
        return unfinished;
    }

    public boolean has(int piece) {
        return have.get(piece);
    }

    public int haveCount() {
        return have.cardinality();
    }

    public boolean isComplete() {
        return have.cardinality() == pieceCount;
    }

    /// A copy of what is there.
    public BitSet have() {
        return (BitSet) have.clone();
    }

    public boolean isBegun(int piece) {
        return begun.containsKey(piece);
    }

    public void peerGained(int piece) {
        availability.gained(piece);
    }

    public void peerJoined(BitSet pieces) {
        availability.gained(pieces);
    }

    /// A peer is gone, with what it had and what it owed.
    ///
    /// @param asSeed whether [#peerJoined] was told all pieces at once
    public void peerLeft(int peer, BitSet pieces, boolean asSeed) {
        availability.lost(pieces, asSeed);
        releaseAll(peer);
    }

    /// Up to `count` blocks to ask `peer` for, who has `pieces`. They count as asked.
    public List<Block> pick(int peer, BitSet pieces, int count) {
        var blocks = new ArrayList<Block>(count);
        for (BegunPiece piece : begun.values()) {
            if (piece.owner == peer) {
                piece.takeFree(peer, blocks, count);
            }
        }
        for (BegunPiece piece : begun.values()) {
            if (piece.owner == BegunPiece.NOBODY && pieces.get(piece.index) && piece.hasFree()) {
                piece.owner = peer;
                piece.takeFree(peer, blocks, count);
            }
        }
        while (blocks.size() < count) {
            int next = newPiece(pieces);
            if (next < 0) {
                break;
            }
            availability.settle(next);
            var piece = new BegunPiece(next, pieceLengthBytes.applyAsInt(next), peer);
            begun.put(next, piece);
            piece.takeFree(peer, blocks, count);
        }
        for (BegunPiece piece : begun.values()) {
            if (pieces.get(piece.index) && !soleSource.get(piece.index)) {
                piece.takeFree(peer, blocks, count);
            }
        }
        if (blocks.size() < count && everythingAsked()) {
            for (int asked = 1; asked < MAX_ASKED && blocks.size() < count; asked++) {
                for (BegunPiece piece : begun.values()) {
                    if (pieces.get(piece.index) && !soleSource.get(piece.index)) {
                        piece.takeAsked(peer, asked, blocks, count);
                    }
                }
            }
        }
        return blocks;
    }

    private int newPiece(BitSet pieces) {
        if (have.cardinality() + begun.size() < RANDOM_FIRST_PIECES) {
            int from = random.nextInt(pieceCount);
            for (int i = 0; i < pieceCount; i++) {
                int piece = (from + i) % pieceCount;
                if (pieces.get(piece) && !have.get(piece) && !begun.containsKey(piece)) {
                    return piece;
                }
            }
            return -1;
        }
        return availability.rarest(pieces::get);
    }

    /// Has every missing block been asked of somebody?
    private boolean everythingAsked() {
        return have.cardinality() + begun.size() == pieceCount
                && begun.values().stream().noneMatch(BegunPiece::hasFree);
    }

    /// A block came from `peer`. Tells which other peers were asked for it and can be spared.
    public List<Integer> arrived(int peer, int piece, int begin) {
        BegunPiece state = begun.get(piece);
        return state == null
                ? List.of()
                : state.arrived(peer, begin / PeerMessageCodec.BLOCK_BYTES);
    }

    /// `peer` will not send this block. Others may go on with the piece, also where it was to come
    /// from this peer alone: one that rejects for good would hold it up for good.
    public void released(int peer, int piece, int begin) {
        BegunPiece state = begun.get(piece);
        if (state != null) {
            state.release(peer, begin / PeerMessageCodec.BLOCK_BYTES);
            state.disown(peer);
        }
    }

    /// `peer` sends nothing more: it choked us, stalled or left.
    public void releaseAll(int peer) {
        for (BegunPiece piece : begun.values()) {
            piece.releaseAll(peer);
        }
    }

    public void verified(int piece) {
        begun.remove(piece);
        soleSource.clear(piece);
        have.set(piece);
    }

    /// The piece had the wrong hash. Tells which peers sent parts of it; afterwards it is wanted
    /// again, from one peer alone.
    public List<Integer> failed(int piece) {
        BegunPiece state = begun.remove(piece);
        availability.unsettle(piece);
        soleSource.set(piece);
        return state == null ? List.of() : state.senders();
    }
}
