package dev.thistle.e2e.planted.protocol;

/// Reads the clock.
final class TellsTime {
    long now() {
        return System.nanoTime();
    }
}
