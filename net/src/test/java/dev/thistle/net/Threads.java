package dev.thistle.net;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

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
            return outcome.join();
        }

        Throwable failure() {
            var failure = new AtomicReference<Throwable>();
            outcome.handle(
                            (result, thrown) -> {
                                failure.set(
                                        thrown != null
                                                ? thrown
                                                : new AssertionError("answered " + result));
                                return true;
                            })
                    .join();
            return failure.get();
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
