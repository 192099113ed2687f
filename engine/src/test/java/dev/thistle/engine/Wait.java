package dev.thistle.engine;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// For what another thread brings about.
public final class Wait {

    private Wait() {}

    /// Looks each millisecond; the test's time-out is the limit.
    public static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("did not come about in time");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
