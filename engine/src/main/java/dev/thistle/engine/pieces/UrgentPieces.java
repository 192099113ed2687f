package dev.thistle.engine.pieces;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/// Which pieces somebody waits for, the most urgent first. Owned by the torrent's thread.
final class UrgentPieces {

    /// @param sinceStartNanos from a moment before all deadlines, so that the monotonic clock may
    ///   wrap around
    private record Deadline(long sinceStartNanos, int piece) {}

    private final Map<Integer, Deadline> byPiece = new HashMap<>();
    private final TreeSet<Deadline> byTime =
            new TreeSet<>(
                    Comparator.comparingLong(Deadline::sinceStartNanos)
                            .thenComparingInt(Deadline::piece));
    private long startNanos;

    void set(int piece, long atNanos) {
        clear(piece);
        if (byTime.isEmpty()) {
            startNanos = atNanos;
        }
        var deadline = new Deadline(atNanos - startNanos, piece);
        byPiece.put(piece, deadline);
        byTime.add(deadline);
    }

    void clear(int piece) {
        Deadline deadline = byPiece.remove(piece);
        if (deadline != null) {
            byTime.remove(deadline);
        }
    }

    boolean isEmpty() {
        return byTime.isEmpty();
    }

    interface Visitor {
        /// Is shown one piece; answers false to end the visit.
        boolean visit(int piece, boolean isLate);
    }

    /// Shows the pieces, the most urgent first.
    void visit(long nowNanos, Visitor visitor) {
        for (Deadline deadline : byTime) {
            boolean late = deadline.sinceStartNanos() <= nowNanos - startNanos;
            if (!visitor.visit(deadline.piece(), late)) {
                return;
            }
        }
    }
}
