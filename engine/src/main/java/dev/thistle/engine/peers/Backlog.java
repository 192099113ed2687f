package dev.thistle.engine.peers;

import java.util.concurrent.atomic.AtomicLong;

/// How much may wait to be said to all peers of a session together, beyond the little that may wait
/// for each ([Outbox]): however many ask and do not read, memory is not what they can take.
/// Thread-safe, never waits.
final class Backlog {

    private final long mostBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    Backlog(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /// Takes so much, if there is so much left; [#giveBack] ends it.
    boolean tryTake(long bytes) {
        if (takenBytes.addAndGet(bytes) > mostBytes) {
            takenBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        takenBytes.addAndGet(-bytes);
    }

    /// Taken by anybody.
    long takenBytes() {
        return takenBytes.get();
    }
}
