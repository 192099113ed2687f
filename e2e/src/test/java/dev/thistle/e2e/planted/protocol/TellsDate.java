package dev.thistle.e2e.planted.protocol;

/// Reads the other clock.
final class TellsDate {
    long now() {
        return System.currentTimeMillis();
    }
}
