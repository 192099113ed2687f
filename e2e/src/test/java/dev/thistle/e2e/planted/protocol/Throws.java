package dev.thistle.e2e.planted.protocol;

import java.util.random.RandomGenerator;

/// Asks the platform for randomness.
final class Throws {
    RandomGenerator dice() {
        return RandomGenerator.getDefault();
    }
}
