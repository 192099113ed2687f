package dev.thistle.engine.peers;

import dev.thistle.engine.snapshot.FailedGreetings;
import dev.thistle.net.ClosedException;
import dev.thistle.net.LinkResetException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts why greetings failed. Thread-safe.
public final class FailureCount {

    private final AtomicLong syncLost = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private final AtomicLong reset = new AtomicLong();

    /// Nothing has failed yet.
    public FailureCount() {}

    /// A greeting failed after the other side was reached. What we ended ourselves does not count.
    public void failed(IOException failure) {
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
                case ClosedException _ -> {
                    return;
                }
                default -> cause = cause.getCause();
            }
        }
        syncLost.incrementAndGet();
    }

    public FailedGreetings snapshot() {
        return new FailedGreetings(syncLost.get(), refused.get(), timedOut.get(), reset.get());
    }
}
