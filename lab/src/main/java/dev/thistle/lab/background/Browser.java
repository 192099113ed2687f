package dev.thistle.lab.background;

import dev.thistle.lab.host.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/// Somebody reads the web: a page of one server, that is a document and then its objects over a few
/// connections at once, then time to think.
///
/// Objects number 5 to 80 and measure 200 B to 1 MiB, both lognormal; thinking is exponential, and
/// shorter than people's, because runs are.
public final class Browser implements Activity {

    /// To one server at a time, as browsers have done for HTTP/1.1 since 2008.
    private static final int LANES = 6;

    private final List<InetSocketAddress> servers;
    private final Duration think;
    private final Chance chance;
    private final Tally tally = new Tally();
    private final Calls calls;
    private final Habit habit;

    /// Begins to read.
    ///
    /// @param servers at least one [ObjectServer]
    /// @param think mean time between two pages
    /// @param random for this browser alone
    public Browser(
            Host host,
            List<InetSocketAddress> servers,
            SSLContext trust,
            Duration think,
            RandomGenerator random)
            throws IOException {
        this.servers = List.copyOf(servers);
        this.think = think;
        chance = new Chance(random);
        calls = new Calls(host, trust, tally);
        habit = new Habit(host.name() + "-browser", tally, this::page);
    }

    private void page() throws IOException, InterruptedException {
        InetSocketAddress server = chance.choice(servers);
        Page page = Page.draw(chance);
        calls.get(server, page.document());
        List<Callable<Boolean>> objects = new ArrayList<>();
        for (long size : page.objects()) {
            objects.add(() -> {
                calls.get(server, size);
                return true;
            });
        }
        fetch(objects);
        Thread.sleep(chance.exponential(think));
    }

    private static void fetch(List<Callable<Boolean>> objects)
            throws IOException, InterruptedException {
        ExecutorService lanes =
                Executors.newFixedThreadPool(LANES, Thread.ofVirtual().name("lane-", 0).factory());
        try (lanes) {
            for (Future<Boolean> object : lanes.invokeAll(objects)) {
                object.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a page with holes: " + e.getCause(), e);
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
