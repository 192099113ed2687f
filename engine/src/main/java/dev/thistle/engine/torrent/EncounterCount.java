package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.FailureCount;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.snapshot.Encounters;
import dev.thistle.engine.snapshot.Encounters.Greetings;
import dev.thistle.engine.snapshot.FailedGreetings;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what becomes of greetings. Connections that are there are counted on the torrent's
/// thread, calls that fail on their own.
final class EncounterCount {

    private final FailureCount failures = new FailureCount();
    private final AtomicLong fallbacks = new AtomicLong();
    private volatile Greetings outgoing = Greetings.NONE;
    private volatile Greetings incoming = Greetings.NONE;

    /// A connection is greeted. The torrent's thread.
    void greeted(Greeted greeted) {
        if (greeted.isIncoming()) {
            incoming = incoming.and(greeted.protection());
        } else {
            outgoing = outgoing.and(greeted.protection());
        }
    }

    /// A greeting by MSE failed after the other side was reached. Any thread.
    void failed(IOException failure) {
        failures.failed(failure);
    }

    /// The other way worked. Any thread.
    void fellBack() {
        fallbacks.incrementAndGet();
    }

    Encounters snapshot() {
        FailedGreetings failed = failures.snapshot();
        return new Encounters(
                outgoing,
                incoming,
                failed.syncLost(),
                failed.refused(),
                failed.timedOut(),
                failed.reset(),
                fallbacks.get());
    }
}
