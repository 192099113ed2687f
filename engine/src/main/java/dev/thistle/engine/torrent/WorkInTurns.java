package dev.thistle.engine.torrent;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Queue;

/// Work that peers ask of us and that takes a while: a few pieces of it at a time, each on a thread
/// of its own, and those who asked by turns, so that nobody waits for all that another asked for.
/// Thread-safe.
final class WorkInTurns {

    private final String name;
    private final int mostAtOnce;
    private final int mostWaiting;

    /// By who asked; whose turn is next comes first.
    private final LinkedHashMap<Object, Queue<Runnable>> waiting = new LinkedHashMap<>();

    private int underWay;

    /// @param name of the threads
    /// @param mostWaiting for each who asks
    WorkInTurns(String name, int mostAtOnce, int mostWaiting) {
        this.name = name;
        this.mostAtOnce = mostAtOnce;
        this.mostWaiting = mostWaiting;
    }

    /// Begins the work, or does it when its turn has come; false when too much waits already for
    /// `who`.
    synchronized boolean add(Object who, Runnable work) {
        Queue<Runnable> its = waiting.computeIfAbsent(who, _ -> new ArrayDeque<>());
        if (its.size() >= mostWaiting) {
            return false;
        }
        its.add(work);
        beginNext();
        return true;
    }

    private synchronized void beginNext() {
        if (underWay >= mostAtOnce || waiting.isEmpty()) {
            return;
        }
        underWay++;
        var next = waiting.pollFirstEntry();
        Runnable work = next.getValue().remove();
        if (!next.getValue().isEmpty()) {
            waiting.put(next.getKey(), next.getValue());
        }
        Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try {
                        work.run();
                    } finally {
                        ended();
                    }
                });
    }

    private synchronized void ended() {
        underWay--;
        beginNext();
    }

    /// Whoever asked is gone: what waits for it is not done any more.
    synchronized void forget(Object who) {
        waiting.remove(who);
    }
}
