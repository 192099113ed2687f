package dev.thistle.net;

import java.time.Duration;

/// The contract again, with delay, jitter and reads that stop anywhere.
class HostileMemoryNetworkTest extends LinkContract {

    private static final Conditions CONDITIONS =
            Conditions.IDEAL
                    .withLatency(Duration.ofMillis(2))
                    .withJitter(Duration.ofMillis(1))
                    .withSegmentation();

    HostileMemoryNetworkTest() {
        super(new MemoryNetwork(2).host("10.0.0.1").conditions(CONDITIONS), "10.0.0.1");
    }
}
