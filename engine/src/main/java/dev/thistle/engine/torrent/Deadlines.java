package dev.thistle.engine.torrent;

import dev.thistle.engine.pieces.PiecePicker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who waits for which pieces until when. Of several waiters the most impatient counts. Owned by
/// the torrent's thread.
final class Deadlines {

    private final PiecePicker picker;
    private final Map<Object, Map<Integer, Long>> byWaiter = new HashMap<>();

    Deadlines(PiecePicker picker) {
        this.picker = picker;
    }

    /// `waiter` waits for these pieces from now on, and no longer for others.
    ///
    /// @param nanosByPiece monotonic times; empty when the waiter goes away
    void set(Object waiter, Map<Integer, Long> nanosByPiece) {
        Map<Integer, Long> before =
                nanosByPiece.isEmpty()
                        ? byWaiter.remove(waiter)
                        : byWaiter.put(waiter, nanosByPiece);
        Set<Integer> changed = new HashSet<>(nanosByPiece.keySet());
        if (before != null) {
            changed.addAll(before.keySet());
        }
        changed.forEach(this::tellPicker);
    }

    private void tellPicker(int piece) {
        Long earliest = null;
        for (Map<Integer, Long> deadlines : byWaiter.values()) {
            Long nanos = deadlines.get(piece);
            if (nanos != null && (earliest == null || nanos - earliest < 0)) {
                earliest = nanos;
            }
        }
        if (earliest == null) {
            picker.noDeadline(piece);
        } else {
            picker.deadline(piece, earliest);
        }
    }
}
