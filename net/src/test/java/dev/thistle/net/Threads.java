package dev.thistle.net;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Virtual threads whose outcome a test wants.
final class Threads {

    private Threads() {}

    /// A call under way on its own virtual thread.
    record Call<T>(Thread thread, CompletableFuture<T> outcome) {

        /// Waits until the call blocks (or is over).
        Call<T> blocked() {
            while (true) {
                switch (thread.getState()) {
                    case WAITING, TIMED_WAITING, TERMINATED -> {
                        return this;
                    }
                    case NEW, RUNNABLE, BLOCKED -> Thread.onSpinWait();
                }
            }
        }

        T result() {
            Throwable trouble = trouble();
            if (trouble != null) {
                throw new AssertionError("call failed", trouble);
            }
            return outcome.join();
        }

        Throwable failure() {
            Throwable trouble = trouble();
            return trouble != null ? trouble : new AssertionError("answered " + outcome.join());
        }

        /// Interruptible, so that a test's timeout ends it.
        private @Nullable Throwable trouble() {
            try {
                var _ = outcome.get();
                return null;
            } catch (ExecutionException e) {
                return e.getCause();
            } catch (InterruptedException e) {
                return new AssertionError("call did not end in time", e);
            }
        }
    }

    /// A call without an answer.
    interface Action {
        void run() throws Exception;
    }

    static <T> Call<T> start(Callable<T> call) {
        var outcome = new CompletableFuture<T>();
        Thread thread =
                Thread.startVirtualThread(() -> {
                    try {
                        outcome.complete(call.call());
                    } catch (Throwable e) {
                        outcome.completeExceptionally(e);
                    }
                });
        return new Call<>(thread, outcome);
    }

    static Call<Boolean> start(Action action) {
        return start(() -> {
            action.run();
            return true;
        });
    }
}
