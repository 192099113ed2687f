package dev.thistle.lab.run;

import dev.thistle.lab.outcome.RoundOutcome.Sample;
import dev.thistle.lab.swarm.PeerSwarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Looks at a swarm from time to time, from its first leecher on, and writes down how it fares.
/// Used by one thread, the run's.
final class Glances {

    /// Between two looks at least: engines publish snapshots about as often.
    static final Duration APART = Duration.ofMillis(200);

    private final PeerSwarm swarm;
    private final long startNanos;
    private final List<Sample> samples = new ArrayList<>();
    private PeerSwarm.Look last;
    private long lastNanos;

    /// @param startNanos now, before the first leecher starts
    Glances(PeerSwarm swarm, long startNanos) {
        this.swarm = swarm;
        this.startNanos = startNanos;
        last = swarm.look();
        lastNanos = startNanos;
        samples.add(new Sample(0, 0, last.seederConnections()));
    }

    /// Looks, unless the last time was only just now.
    void take(long nowNanos) {
        if (nowNanos - lastNanos < APART.toNanos()) {
            return;
        }
        PeerSwarm.Look look = swarm.look();
        double bits = 8.0 * (look.verifiedBytes() - last.verifiedBytes());
        double rate = bits / ((nowNanos - lastNanos) / 1e9);
        last = look;
        lastNanos = nowNanos;
        samples.add(new Sample(seconds(), rate, look.seederConnections()));
    }

    long startNanos() {
        return startNanos;
    }

    /// From the start to the last look.
    double seconds() {
        return (lastNanos - startNanos) / 1e9;
    }

    PeerSwarm.Look last() {
        return last;
    }

    List<Sample> samples() {
        return samples;
    }
}
