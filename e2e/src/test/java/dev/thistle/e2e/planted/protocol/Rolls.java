package dev.thistle.e2e.planted.protocol;

import java.util.Random;

/// Draws from randomness of its own.
final class Rolls {
    Random dice() {
        return new Random();
    }
}
