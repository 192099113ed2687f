package dev.thistle.net;

import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/// What becomes of the datagrams from one address to another, one after the other. Two draws for
/// each, so that the fate of the n-th does not depend on the conditions of those before.
/// Thread-safe.
final class DatagramRoute {

    private final RandomGenerator random;

    DatagramRoute(RandomGenerator random) {
        this.random = random;
    }

    /// What happens to the next one.
    ///
    /// @return nanoseconds that the next datagram travels; nothing if it is lost
    synchronized OptionalLong delay(Conditions conditions) {
        double luck = random.nextDouble();
        double jitter = random.nextDouble();
        return luck < conditions.loss()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        conditions.latency().toNanos()
                                + (long) (jitter * conditions.jitter().toNanos()));
    }
}
