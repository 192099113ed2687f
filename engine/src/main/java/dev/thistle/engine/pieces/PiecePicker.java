package dev.thistle.engine.pieces;

import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/// Decides which blocks to ask a peer for.
///
/// In this order, each step only if the one before gave too little:
/// 1. pieces with a deadline, the most urgent first, whoever began them; what is late is asked of a
///    second peer;
/// 2. the pieces this peer has begun, so that pieces get finished and a bad one has one sender;
/// 3. begun pieces whose sender is gone;
/// 4. pieces on which slow peers work together, if it is slow itself; and any begun piece when more
///    than 1.5 a peer are begun, so that memory and unfinished work stay small;
/// 5. a new piece of the highest priority: a random one while the torrent has fewer than
///    [#RANDOM_FIRST_PIECES], so that there is soon something to trade; the rarest after that; the
///    first one when the order is sequential. A fast peer gets it for itself;
/// 6. blocks nobody was asked for, in pieces that another peer has begun;
/// 7. endgame: every block that is missing has been asked of somebody; ask again, the least asked
///    first, at most [#MAX_ASKED] peers a block. The first answer cancels the others.
///
/// A piece that failed its hash with several senders is fetched anew from one peer alone: when it
/// fails again the culprit is known. Nobody waits for that peer with the endgame of other pieces.
///
/// A choice looks at pieces that have free blocks, never at blocks that are asked for; only the
/// endgame does, and for each peer only after something was given back.
///
/// What is under way is kept by [BegunPieces]. Peers are numbers. Not thread-safe: the torrent's
/// thread owns it. Steps and numbers follow the strict endgame, the four random pieces and the
/// limit of begun pieces of libtorrent.
public final class PiecePicker {

    /// Whole blocks to ask for; only the last of a piece is shorter than 16 KiB.
    public record Block(int piece, int begin, int lengthBytes) {}

    /// Who is to be asked.
    ///
    /// @param pieces that it has and gives
    /// @param takesWholePieces whether it is fast enough for a piece of its own
    public record Asker(int number, BitSet pieces, boolean takesWholePieces) {}

    /// Pieces that are chosen at random before rarest first begins.
    public static final int RANDOM_FIRST_PIECES = 4;

    /// One block is asked of at most so many peers at the end: a few stalled ones must not hold a
    /// download up, and the waste stays a fraction of a second's traffic.
    public static final int MAX_ASKED = 4;

    private final int pieceCount;
    private final IntUnaryOperator pieceLengthBytes;
    private final Availability availability;
    private final UrgentPieces urgent = new UrgentPieces();
    private final BitSet have;
    private final BegunPieces begun;

    /// For each peer the [changes][BegunPieces#changes] when the endgame had too little for it.
    private final Map<Integer, Long> exhausted = new HashMap<>();

    private boolean sequential;
    private int haveCount;
    private int missingWanted;

    /// A picker for a torrent of which everything is wanted and nothing is there yet.
    ///
    /// @param pieceLengthBytes piece index to bytes
    public PiecePicker(int pieceCount, IntUnaryOperator pieceLengthBytes, RandomGenerator random) {
        this.pieceCount = pieceCount;
        this.pieceLengthBytes = pieceLengthBytes;
        this.have = new BitSet(pieceCount);
        this.missingWanted = pieceCount;
        availability = new Availability(pieceCount, random);
        begun = new BegunPieces(availability);
    }

    /// A piece was there already, from an earlier run.
    public void found(int piece) {
        gain(piece);
        urgent.clear(piece);
        availability.settle(piece);
    }

    /// Blocks of a piece were there already, but not all.
    public void found(int piece, BitSet blocks) {
        BegunPiece state = begin(piece, BegunPiece.NOBODY);
        state.found(blocks);
        begun.reopen(state);
    }

    /// A copy of which blocks are there of pieces that are not yet whole, by piece.
    public Map<Integer, BitSet> unfinished() {
        var unfinished = new HashMap<Integer, BitSet>();
        begun.all().forEach(state -> unfinished.put(state.index, state.arrived()));
        unfinished.values().removeIf(BitSet::isEmpty);
        return unfinished;
    }

    private void gain(int piece) {
        if (!have.get(piece)) {
            have.set(piece);
            haveCount++;
            missingWanted -= availability.isWanted(piece) ? 1 : 0;
        }
    }

    public boolean has(int piece) {
        return have.get(piece);
    }

    public int haveCount() {
        return haveCount;
    }

    /// Is every piece there?
    public boolean isComplete() {
        return haveCount == pieceCount;
    }

    /// Is every piece there that is wanted?
    public boolean isFinished() {
        return missingWanted == 0;
    }

    /// Is `piece` wanted, whether it is there or not?
    public boolean isWanted(int piece) {
        return availability.isWanted(piece);
    }

    /// Is `piece` missing and wanted?
    public boolean wants(int piece) {
        return !have.get(piece) && availability.isWanted(piece);
    }

    /// A copy of what is there.
    public BitSet have() {
        return (BitSet) have.clone();
    }

    public boolean isBegun(int piece) {
        return begun.get(piece) != null;
    }

    /// Sets what is wanted and how much. What was asked for comes all the same.
    ///
    /// @param levels of [dev.thistle.engine.settings.Priority], one a piece
    public void prioritise(byte[] levels) {
        missingWanted = 0;
        for (int piece = 0; piece < pieceCount; piece++) {
            availability.prioritise(piece, levels[piece]);
            missingWanted += wants(piece) ? 1 : 0;
        }
        begun.all().forEach(begun::reopen);
    }

    /// Whether new pieces are chosen in their order.
    public void sequential(boolean inOrder) {
        sequential = inOrder;
    }

    /// Somebody waits for `piece`.
    public void deadline(int piece, long atNanos) {
        if (!have.get(piece)) {
            urgent.set(piece, atNanos);
        }
    }

    /// Nobody waits for `piece` any more.
    public void noDeadline(int piece) {
        urgent.clear(piece);
    }

    public void peerGained(int piece) {
        availability.gained(piece);
        begun.noteChange();
    }

    public void peerJoined(BitSet pieces) {
        availability.gained(pieces);
    }

    /// A peer has a piece no more, and what it owes of it is let others have. However many pieces
    /// there are, only the first that a seed loses takes long.
    ///
    /// @param asSeed as for [#peerLeft]; not so from now on
    public void peerLost(int peer, int piece, boolean asSeed) {
        if (asSeed) {
            availability.seedNoMore();
        }
        availability.lost(piece);
        BegunPiece state = begun.get(piece);
        if (state != null) {
            begun.releaseAll(state, peer);
        }
    }

    /// A peer is gone, with what it had and what it owed.
    ///
    /// @param asSeed whether [#peerJoined] was told all pieces at once
    public void peerLeft(int peer, BitSet pieces, boolean asSeed) {
        availability.lost(pieces, asSeed);
        begun.releaseAll(peer);
        begun.forget(peer);
        exhausted.remove(peer);
    }

    /// Up to `count` blocks to ask of `asker`. They count as asked.
    ///
    /// @param nowNanos monotonic, as the deadlines are
    public List<Block> pick(Asker asker, int count, long nowNanos) {
        var blocks = new ArrayList<Block>(count);
        urgent(asker, blocks, count, nowNanos);
        if (blocks.size() < count) {
            goOn(asker, blocks, count);
        }
        if (blocks.size() < count) {
            join(asker, blocks, count);
        }
        while (blocks.size() < count) {
            int piece = newPiece(asker.pieces());
            if (piece < 0) {
                break;
            }
            begun.take(begin(piece, begun.ownerFor(asker, piece)), asker.number(), blocks, count);
        }
        if (blocks.size() < count) {
            help(asker, blocks, count);
        }
        if (blocks.size() < count && availability.waiting() == 0 && begun.areAsked()) {
            endgame(asker, blocks, count);
        }
        return blocks;
    }

    private void urgent(Asker asker, List<Block> blocks, int count, long nowNanos) {
        if (!urgent.isEmpty()) {
            urgent.visit(
                    nowNanos,
                    (piece, late) -> {
                        urgent(piece, late, asker, blocks, count);
                        return blocks.size() < count;
                    });
        }
    }

    private void urgent(int piece, boolean late, Asker asker, List<Block> blocks, int count) {
        if (!asker.pieces().get(piece) || !availability.isWanted(piece)) {
            return;
        }
        BegunPiece state = begun.get(piece);
        if (state == null) {
            state = begin(piece, begun.ownerFor(asker, piece));
        } else if (begun.isSole(state) && state.owner != asker.number()) {
            return;
        }
        begun.take(state, asker.number(), blocks, count);
        if (late && blocks.size() < count) {
            state.takeAsked(asker.number(), 1, blocks, count);
        }
    }

    private void goOn(Asker asker, List<Block> blocks, int count) {
        for (BegunPiece piece : begun.owned(asker.number())) {
            if (asker.pieces().get(piece.index)) {
                begun.take(piece, asker.number(), blocks, count);
            }
        }
    }

    /// Pieces that were left, and those that are everybody's.
    private void join(Asker asker, List<Block> blocks, int count) {
        boolean anyPiece = begun.areMany();
        boolean shared = anyPiece || !asker.takesWholePieces();
        for (BegunPiece piece : begun.open()) {
            if (blocks.size() >= count) {
                return;
            }
            if (asker.pieces().get(piece.index)) {
                if (piece.owner == BegunPiece.NOBODY) {
                    begun.own(piece, begun.ownerFor(asker, piece.index));
                    begun.take(piece, asker.number(), blocks, count);
                } else if (piece.owner == BegunPiece.EVERYBODY
                        ? shared
                        : anyPiece && !begun.isSole(piece)) {
                    begun.take(piece, asker.number(), blocks, count);
                }
            }
        }
    }

    private int newPiece(BitSet pieces) {
        if (sequential) {
            return availability.first(pieces);
        }
        return haveCount + begun.count() < RANDOM_FIRST_PIECES
                ? availability.any(pieces)
                : availability.rarest(pieces);
    }

    private void help(Asker asker, List<Block> blocks, int count) {
        for (BegunPiece piece : begun.open()) {
            if (blocks.size() >= count) {
                return;
            }
            if (asker.pieces().get(piece.index) && !begun.isSole(piece)) {
                begun.take(piece, asker.number(), blocks, count);
            }
        }
    }

    private void endgame(Asker asker, List<Block> blocks, int count) {
        long changes = begun.changes();
        if (exhausted.getOrDefault(asker.number(), -1L) == changes) {
            return;
        }
        for (int asked = 1; asked < MAX_ASKED && blocks.size() < count; asked++) {
            for (BegunPiece piece : begun.all()) {
                if (asker.pieces().get(piece.index)
                        && !begun.isSole(piece)
                        && availability.isWanted(piece.index)) {
                    piece.takeAsked(asker.number(), asked, blocks, count);
                }
            }
        }
        if (blocks.size() < count) {
            exhausted.put(asker.number(), changes);
        }
    }

    private BegunPiece begin(int piece, int owner) {
        availability.settle(piece);
        return begun.begin(piece, pieceLengthBytes.applyAsInt(piece), owner);
    }

    /// A block came from `peer`. Tells which other peers were asked for it and can be spared.
    public List<Integer> arrived(int peer, int piece, int begin) {
        BegunPiece state = begun.get(piece);
        if (state == null) {
            return List.of();
        }
        List<Integer> spared = state.arrived(peer, begin / PeerMessageCodec.BLOCK_BYTES);
        begun.reopen(state);
        return spared;
    }

    /// `peer` will not send this block. Others may go on with the piece, also where it was to come
    /// from this peer alone: one that rejects for good would hold it up for good.
    public void released(int peer, int piece, int begin) {
        BegunPiece state = begun.get(piece);
        if (state != null) {
            begun.released(state, peer, begin / PeerMessageCodec.BLOCK_BYTES);
        }
    }

    /// `peer` sends nothing more: it choked us, stalled or left.
    public void releaseAll(int peer) {
        begun.releaseAll(peer);
    }

    /// The piece has the right hash. Tells which peers sent parts of it.
    public List<Integer> verified(int piece) {
        List<Integer> senders = begun.close(piece, true);
        urgent.clear(piece);
        availability.settle(piece);
        gain(piece);
        return senders;
    }

    /// Who sent each block of a piece under way; negative where that is not known.
    public int[] sendersByBlock(int piece) {
        BegunPiece state = begun.get(piece);
        return state == null ? new int[0] : state.sendersByBlock();
    }

    /// The piece had the wrong hash. Tells which peers sent parts of it; afterwards it is wanted
    /// again, from one peer alone.
    public List<Integer> failed(int piece) {
        List<Integer> senders = begun.close(piece, false);
        availability.unsettle(piece);
        return senders;
    }
}
