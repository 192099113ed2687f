package dev.thistle.e2e.lan;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Ends a process that we started together with all that it started itself, and nothing else.
public final class ProcessTree {

    /// A client that has peers to say good-bye to needs a second or two; then it is killed.
    private static final long POLITE_SECONDS = 5;

    private ProcessTree() {}

    /// Asks politely, waits, then kills. Returns when all are gone.
    public static void end(Process process) {
        // Collected first: once a parent is gone its children can no longer be found.
        List<ProcessHandle> tree =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        tree.forEach(ProcessHandle::destroy);
        if (!gone(tree)) {
            tree.forEach(ProcessHandle::destroyForcibly);
            gone(tree);
        }
    }

    private static boolean gone(List<ProcessHandle> tree) {
        var exits = tree.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(exits).get(POLITE_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process never fails", e);
        }
    }
}
