package dev.thistle.lab.background;

import dev.thistle.lab.host.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/// Calls on customers' home servers in turn for pictures and films of 64 KiB to 4 MiB. The first
/// calls come at once, so that a home server soon has as many distinct callers as it has visitors.
public final class Visitor implements Activity {

    private static final double MEDIAN_BYTES = 400_000;

    private final Tally tally = new Tally();
    private final Calls calls;
    private final Habit habit;
    private int next;

    /// Begins to call.
    ///
    /// @param servers at least one [ObjectServer]
    /// @param rest mean time between two calls
    /// @param random for this visitor alone
    public Visitor(
            Host host,
            List<InetSocketAddress> servers,
            SSLContext trust,
            Duration rest,
            RandomGenerator random)
            throws IOException {
        List<InetSocketAddress> known = List.copyOf(servers);
        var chance = new Chance(random);
        calls = new Calls(host, trust, tally);
        habit = new Habit(host.name() + "-visitor", tally, () -> visit(known, chance, rest));
    }

    private void visit(List<InetSocketAddress> servers, Chance chance, Duration rest)
            throws IOException, InterruptedException {
        InetSocketAddress server = servers.get(next++ % servers.size());
        calls.get(server, chance.lognormal(MEDIAN_BYTES, 1, 1 << 16, 1 << 22));
        if (next >= servers.size()) {
            Thread.sleep(chance.exponential(rest));
        }
    }

    @Override
    public Progress progress() {
        return tally.progress();
    }

    @Override
    public void close() {
        habit.close();
        calls.close();
    }
}
