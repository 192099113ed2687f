package dev.thistle.engine.torrent;

import dev.thistle.protocol.peer.AllowedFastSet;
import java.util.BitSet;
import java.util.List;

/// Which pieces may be asked for in spite of a choke, by us of one peer and by it of us (BEP 6).
/// Owned by the torrent's thread.
final class AllowedFast {

    /// How often the granted pieces may be fetched in all: a piece may fail and come again.
    private static final int TIMES = 2;

    private final BitSet toUs = new BitSet();
    private final BitSet toIt = new BitSet();
    private long budgetBytes;

    /// The peer allows us a piece.
    void granted(int piece) {
        toUs.set(piece);
    }

    /// It did not mean it.
    void refused(int piece) {
        toUs.clear(piece);
    }

    /// What we may ask for of the pieces that it has.
    BitSet among(BitSet pieces) {
        var allowed = (BitSet) toUs.clone();
        allowed.and(pieces);
        return allowed;
    }

    /// Remembers what we allow the peer.
    void grant(List<Integer> pieces, int pieceBytes) {
        pieces.forEach(toIt::set);
        budgetBytes = (long) TIMES * pieces.size() * pieceBytes;
    }

    boolean isGranted() {
        return !toIt.isEmpty();
    }

    /// Whether a request of a peer that we choke is served, which uses up some of what it may have.
    ///
    /// @param has how many pieces it has: one that has some does not need this any more
    boolean serves(int piece, int bytes, int has) {
        if (!toIt.get(piece) || has > AllowedFastSet.USUAL_COUNT || bytes > budgetBytes) {
            return false;
        }
        budgetBytes -= bytes;
        return true;
    }
}
