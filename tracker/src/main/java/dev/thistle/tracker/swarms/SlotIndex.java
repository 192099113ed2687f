package dev.thistle.tracker.swarms;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// Finds rows of a packed table by a hash: open addressing with linear probing over an `int[]`, no
/// tombstones. Rows with equal hashes lie in one run, so a caller can count them.
///
/// The table asks for the hash of a row whenever it moves one: a row must still be readable while
/// it is removed.
final class SlotIndex {

    private static final int SMALLEST = 16;

    private final IntUnaryOperator hashOf;

    /// Row + 1, or 0 for nothing. At most half full.
    private int[] table = new int[SMALLEST];

    private int used;

    SlotIndex(IntUnaryOperator hashOf) {
        this.hashOf = hashOf;
    }

    /// Where the run of `hash` begins.
    int begin(int hash) {
        return hash & (table.length - 1);
    }

    /// The row at `position`, or -1 at the end of a run.
    int rowAt(int position) {
        return table[position] - 1;
    }

    int next(int position) {
        return (position + 1) & (table.length - 1);
    }

    void add(int row) {
        if (2 * (used + 1) > table.length) {
            grow();
        }
        table[freePosition(row)] = row + 1;
        used++;
    }

    /// Forgets `row` and closes the gap.
    void remove(int row) {
        int gap = positionOf(row);
        for (int at = next(gap); table[at] != 0; at = next(at)) {
            int home = begin(hashOf.applyAsInt(table[at] - 1));
            boolean mayMove = gap <= at ? home <= gap || home > at : home <= gap && home > at;
            if (mayMove) {
                table[gap] = table[at];
                gap = at;
            }
        }
        table[gap] = 0;
        used--;
    }

    /// Row `from` is about to be copied to row `to`, which is not in the index.
    void rename(int from, int to) {
        table[positionOf(from)] = to + 1;
    }

    void clear() {
        Arrays.fill(table, 0);
        used = 0;
    }

    private int positionOf(int row) {
        int at = begin(hashOf.applyAsInt(row));
        while (table[at] != row + 1) {
            if (table[at] == 0) {
                throw new IllegalStateException("row is not in the index");
            }
            at = next(at);
        }
        return at;
    }

    private int freePosition(int row) {
        int at = begin(hashOf.applyAsInt(row));
        while (table[at] != 0) {
            at = next(at);
        }
        return at;
    }

    private void grow() {
        int[] old = table;
        table = new int[old.length * 2];
        for (int entry : old) {
            if (entry != 0) {
                table[freePosition(entry - 1)] = entry;
            }
        }
    }
}
