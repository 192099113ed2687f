package dev.thistle.e2e.planted.protocol;

/// Starts a thread.
final class Threads {
    Thread start() {
        return Thread.startVirtualThread(() -> {});
    }
}
