package dev.thistle.engine.stream;

import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Which pieces have come, for those who wait for them. Thread-safe: the torrent's thread tells,
/// any other waits.
public final class Arrivals {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final BitSet here = new BitSet();
    private @Nullable String end;

    /// `piece` is here and verified.
    public void add(int piece) {
        lock.lock();
        try {
            here.set(piece);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more will come.
    ///
    /// @param reason for the errors of those who wait
    public void end(String reason) {
        lock.lock();
        try {
            end = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for `piece`.
    ///
    /// @param givenUp looked at now and after each [#wake]
    /// @return false if the wait was given up
    /// @throws IOException if the torrent has ended, whether the piece is here or not
    boolean await(int piece, BooleanSupplier givenUp) throws IOException, InterruptedException {
        lock.lock();
        try {
            while (!givenUp.getAsBoolean()) {
                if (end != null) {
                    throw new IOException("piece %d cannot be read: %s".formatted(piece, end));
                }
                if (here.get(piece)) {
                    return true;
                }
                changed.await();
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Makes all that wait look again whether they have given up.
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
