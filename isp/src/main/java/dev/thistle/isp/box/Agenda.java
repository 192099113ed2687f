package dev.thistle.isp.box;

import java.util.PriorityQueue;

/// What the box has to do later, in the order of time. A queue stands in it once, for the first of
/// its parcels, so it stays as small as there are lines.
final class Agenda {

    /// Something that is due once.
    interface Entry {

        /// Fixed while it stands in the agenda.
        long dueNanos();

        /// It is time; the entry is out of the agenda.
        ///
        /// @param nanos [#dueNanos], however late it is
        void run(long nanos);
    }

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos() - b.dueNanos()));

    void add(Entry entry) {
        entries.add(entry);
    }

    /// Does all that is due, each as of its own time.
    void run(long nowNanos) {
        while (true) {
            Entry first = entries.peek();
            if (first == null || first.dueNanos() - nowNanos > 0) {
                return;
            }
            entries.remove();
            first.run(first.dueNanos());
        }
    }

    /// When there is something to do next, or [Box#NEVER].
    long nextNanos() {
        Entry first = entries.peek();
        return first == null ? Box.NEVER : first.dueNanos();
    }
}
