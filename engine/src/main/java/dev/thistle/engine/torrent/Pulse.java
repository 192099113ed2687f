package dev.thistle.engine.torrent;

import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Tells the torrents of a session how late it is, a few times a second, from one thread for all.
///
/// A torrent waits for events without a time limit and asks the pulse to wake it when something is
/// due. Waiting with a limit would cost each of its many short waits a timer set and a timer taken
/// back, and a thousand idle torrents would each have a timer of their own.
///
/// Thread-safe; one a session.
public final class Pulse implements Closeable {

    /// Between two beats.
    public static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final LongSupplier clock;
    private final Set<LongConsumer> listeners = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofPlatform().daemon().name("pulse").unstarted(this::beat);
    private volatile boolean closed;

    /// Starts at once, and sleeps while nobody listens.
    ///
    /// @param clock monotonic nanoseconds
    public Pulse(LongSupplier clock) {
        this.clock = clock;
        thread.start();
    }

    /// Calls `listener` with the time at every beat until it is removed. It must not block.
    public void add(LongConsumer listener) {
        listeners.add(listener);
        LockSupport.unpark(thread);
    }

    void remove(LongConsumer listener) {
        listeners.remove(listener);
    }

    private void beat() {
        while (!closed) {
            if (listeners.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, BEAT_NANOS);
            }
            long now = clock.getAsLong();
            listeners.forEach(listener -> listener.accept(now));
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
