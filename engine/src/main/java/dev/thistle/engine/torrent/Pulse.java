package dev.thistle.engine.torrent;

import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Tells the torrents of a session how late it is, from one thread for all: a few times a second
/// while something is due so often, and not at all while nothing is due.
///
/// A torrent waits for events without a time limit and asks the pulse to wake it when something is
/// due. Waiting with a limit would cost each of its many short waits a timer set and a timer taken
/// back, and a thousand idle torrents would each have a timer of their own. Who can wait for long
/// may be told an eighth later, so that a thousand who can are told together.
///
/// Thread-safe; one a session.
public final class Pulse implements Closeable {

    /// Between two beats, at least.
    public static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /// What a listener answers that has nothing to do until it says so by [#hurry].
    public static final long NEVER = Long.MAX_VALUE;

    /// Who is told the time.
    public interface Listener {

        /// It is so late. Must not block.
        ///
        /// @return in how many nanoseconds it wants to be told again; may be told sooner
        long beat(long nowNanos);
    }

    private final LongSupplier clock;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofPlatform().daemon().name("pulse").unstarted(this::run);
    private volatile boolean closed;

    /// Whether nobody is told anything for longer than to the next beat.
    private volatile boolean isResting;

    /// Starts at once, and sleeps while nobody listens.
    ///
    /// @param clock monotonic nanoseconds
    public Pulse(LongSupplier clock) {
        this.clock = clock;
        thread.start();
    }

    /// Tells `listener` the time whenever it wants to know, until it is removed.
    public void add(Listener listener) {
        listeners.add(listener);
        LockSupport.unpark(thread);
    }

    void remove(Listener listener) {
        listeners.remove(listener);
    }

    /// Something is due sooner than a listener has answered. Cheap; any thread.
    public void hurry() {
        if (isResting) {
            LockSupport.unpark(thread);
        }
    }

    /// Nobody is told anything until somebody hurries.
    boolean isAsleep() {
        return thread.getState() == Thread.State.WAITING;
    }

    private void run() {
        while (!closed) {
            isResting = true; // before the listeners answer: who hurries from now on is heard
            long rest = beat();
            if (rest == NEVER) {
                LockSupport.park(this);
            } else {
                isResting = rest > BEAT_NANOS;
                LockSupport.parkNanos(this, rest);
            }
        }
    }

    /// Tells everybody.
    ///
    /// @return how long nobody needs to be told again
    private long beat() {
        long now = clock.getAsLong();
        long rest = NEVER;
        for (Listener listener : listeners) {
            long wanted = listener.beat(now);
            long slack = wanted == NEVER ? 0 : wanted / 8;
            rest = Math.min(rest, wanted + slack);
        }
        return Math.max(rest, BEAT_NANOS);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
