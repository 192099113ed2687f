package dev.thistle.engine.pieces;

import dev.thistle.engine.pieces.PiecePicker.Block;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The pieces under way, for the [PiecePicker]: which have blocks that nobody was asked for, whose
/// they are, and what of them comes back. Owned by the torrent's thread.
final class BegunPieces {

    private final Map<Integer, BegunPiece> begun = new LinkedHashMap<>();

    /// Those that are wanted and have blocks nobody was asked for.
    private final Set<BegunPiece> open = new LinkedHashSet<>();

    /// Those of [#open] that are a peer's own.
    private final Map<Integer, Set<BegunPiece>> owned = new HashMap<>();

    /// Pieces that failed, begun again or not: one peer alone is asked for each.
    private final BitSet soleSource = new BitSet();

    private final Availability availability;
    private long givenBack;

    /// @param availability says what is wanted
    BegunPieces(Availability availability) {
        this.availability = availability;
    }

    @Nullable BegunPiece get(int piece) {
        return begun.get(piece);
    }

    int count() {
        return begun.size();
    }

    Collection<BegunPiece> all() {
        return begun.values();
    }

    /// Those with free blocks; a copy, so that they may be taken meanwhile.
    List<BegunPiece> open() {
        return List.copyOf(open);
    }

    /// Of those with free blocks the ones that are `peer`'s own; a copy.
    List<BegunPiece> owned(int peer) {
        Set<BegunPiece> its = owned.computeIfAbsent(peer, _ -> new LinkedHashSet<>());
        return its.isEmpty() ? List.of() : List.copyOf(its);
    }

    /// Whether pieces are begun in such numbers that everybody should help with any.
    boolean areMany() {
        return open.size() > owned.size() + owned.size() / 2;
    }

    /// Whether no block is left that more than one peer may be asked for.
    boolean areAsked() {
        for (BegunPiece piece : open) {
            if (!isSole(piece)) {
                return false;
            }
        }
        return true;
    }

    /// Whether one peer alone is asked for a piece.
    boolean isSole(BegunPiece piece) {
        return soleSource.get(piece.index);
    }

    /// Who is to have a piece that `peer` begins: a slow one shares, but not one that failed.
    int ownerFor(PiecePicker.Asker peer, int piece) {
        return peer.takesWholePieces() || soleSource.get(piece)
                ? peer.number()
                : BegunPiece.EVERYBODY;
    }

    BegunPiece begin(int piece, int lengthBytes, int owner) {
        var state = new BegunPiece(piece, lengthBytes, BegunPiece.NOBODY);
        begun.put(piece, state);
        own(state, owner);
        givenBack++;
        return state;
    }

    void own(BegunPiece piece, int owner) {
        shut(piece);
        piece.owner = owner;
        reopen(piece);
    }

    void take(BegunPiece piece, int peer, List<Block> blocks, int count) {
        piece.takeFree(peer, blocks, count);
        reopen(piece);
    }

    /// Keeps [#open] right after blocks were taken or given back, or are wanted no more.
    void reopen(BegunPiece piece) {
        if (!piece.hasFree() || !availability.isWanted(piece.index)) {
            shut(piece);
        } else if (open.add(piece) && piece.owner >= 0) {
            owned.computeIfAbsent(piece.owner, _ -> new LinkedHashSet<>()).add(piece);
        }
    }

    private void shut(BegunPiece piece) {
        if (open.remove(piece) && piece.owner >= 0) {
            owned.computeIfAbsent(piece.owner, _ -> new LinkedHashSet<>()).remove(piece);
        }
    }

    /// `peer` will not send this block. Others may go on with the piece, also where it was to come
    /// from this peer alone: one that rejects for good would hold it up for good.
    void released(BegunPiece piece, int peer, int block) {
        piece.release(peer, block);
        disown(piece, peer);
        givenBack++;
    }

    /// `peer` sends nothing more: it choked us, stalled or left.
    void releaseAll(int peer) {
        for (BegunPiece piece : begun.values()) {
            piece.releaseAll(peer);
            disown(piece, peer);
        }
        givenBack++;
    }

    /// `peer` sends nothing more of this piece.
    void releaseAll(BegunPiece piece, int peer) {
        piece.releaseAll(peer);
        disown(piece, peer);
        givenBack++;
    }

    private void disown(BegunPiece piece, int peer) {
        if (piece.owner == peer) {
            own(piece, BegunPiece.NOBODY);
        } else {
            reopen(piece);
        }
    }

    /// Nothing is to be known of a peer any more.
    void forget(int peer) {
        owned.remove(peer);
    }

    /// A piece is whole; whether it is right was found out elsewhere.
    ///
    /// @return who sent parts of it
    List<Integer> close(int piece, boolean isRight) {
        soleSource.set(piece, !isRight);
        BegunPiece state = begun.remove(piece);
        if (!isRight) {
            givenBack++;
        }
        if (state == null) {
            return List.of();
        }
        shut(state);
        return state.senders();
    }

    /// Somebody may have more to give than before.
    void noteChange() {
        givenBack++;
    }

    /// Grows whenever the endgame may find something where it found nothing before.
    long changes() {
        return givenBack;
    }
}
