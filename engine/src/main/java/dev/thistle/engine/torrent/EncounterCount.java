package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.snapshot.Encounters;
import dev.thistle.engine.snapshot.Encounters.Greetings;
import dev.thistle.net.LinkResetException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts what becomes of greetings. Connections that are there are counted on the torrent's
/// thread, calls that fail on their own.
final class EncounterCount {

    private final AtomicLong syncLost = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private final AtomicLong reset = new AtomicLong();
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
        @Nullable Throwable cause = failure;
        while (cause != null) {
            switch (cause) {
                case SocketTimeoutException _ -> {
                    timedOut.incrementAndGet();
                    return;
                }
                case LinkResetException _ -> {
                    reset.incrementAndGet();
                    return;
                }
                case EOFException _ -> {
                    refused.incrementAndGet();
                    return;
                }
                default -> cause = cause.getCause();
            }
        }
        syncLost.incrementAndGet();
    }

    /// The other way worked. Any thread.
    void fellBack() {
        fallbacks.incrementAndGet();
    }

    Encounters snapshot() {
        return new Encounters(
                outgoing,
                incoming,
                syncLost.get(),
                refused.get(),
                timedOut.get(),
                reset.get(),
                fallbacks.get());
    }
}
