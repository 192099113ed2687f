package dev.thistle.lab.background;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Waits for what is under way on other threads.
final class Until {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private Until() {}

    /// Returns as soon as `claim` holds, or fails as it last did.
    static void passes(ThrowingCallable claim) {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                claim.call();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - giveUp > 0) {
                    throw e;
                }
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
