package dev.thistle.cli;

import dev.thistle.tracker.Tracker;
import dev.thistle.tracker.TrackerConfig;
import dev.thistle.tracker.TrackerConfig.Lists;
import dev.thistle.tracker.TrackerStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// `thistle tracker`: serves until interrupted, and says now and then how it is doing.
final class TrackerServer {

    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);

    /// How soon a changed list is in force.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final Console console;

    TrackerServer(Console console) {
        this.console = console;
    }

    /// Never returns.
    ///
    /// @throws InterruptedException once the tracker is closed, because Ctrl-C came
    int serve(HostPort http, Duration interval, Optional<Path> allow, Optional<Path> deny)
            throws IOException, InterruptedException {
        Optional<ListWatch> watch = allow.or(() -> deny).map(ListWatch::new);
        TrackerConfig config = config(http.address(), interval, allow, deny);
        try (var _ = Interruption.of(console, () -> "interrupted: the tracker stops");
                Tracker tracker = Tracker.start(config)) {
            InetSocketAddress address = tracker.address();
            console.say(
                    ("tracker at http://%s:%d/announce, in the clear and obfuscated (BEP 8);"
                                    + " Ctrl-C stops")
                            .formatted(HostPort.text(address.getAddress()), address.getPort()));
            long lastReport = System.nanoTime();
            while (true) {
                Thread.sleep(LOOK_EVERY);
                watch.filter(ListWatch::hasChanged).ifPresent(list -> reload(tracker, list.list()));
                if (System.nanoTime() - lastReport >= REPORT_EVERY.toNanos()) {
                    lastReport = System.nanoTime();
                    report(tracker.stats());
                }
            }
        }
    }

    private void reload(Tracker tracker, Path list) {
        try {
            tracker.reloadLists();
            console.note("%s has changed and was read again".formatted(list));
        } catch (IOException wrong) {
            console.error(Failure.describe(wrong) + "; the list as it was stays in force");
        }
    }

    private static TrackerConfig config(
            InetSocketAddress bind, Duration interval, Optional<Path> allow, Optional<Path> deny)
            throws IOException {
        if (allow.isPresent() && deny.isPresent()) {
            throw new UsageException("--allow beside --deny, allowed only one of them");
        }
        Optional<Path> folder = allow.or(() -> deny).filter(Files::isDirectory);
        if (folder.isPresent()) {
            throw new IOException("%s is a folder, allowed a list".formatted(folder.get()));
        }
        TrackerConfig config =
                TrackerConfig.on(bind)
                        .withLists(new Lists(allow.orElse(null), deny.orElse(null), null));
        try {
            return config.withInterval(interval);
        } catch (IllegalArgumentException outOfRange) {
            throw new UsageException("--" + outOfRange.getMessage());
        }
    }

    private void report(TrackerStats stats) {
        console.note(
                "%s, %s; %s (%d obfuscated), %s, %d refused"
                        .formatted(
                                Console.count(stats.torrents(), "torrent"),
                                Console.count(stats.peers(), "peer"),
                                Console.count(stats.announces(), "announce"),
                                stats.obfuscatedAnnounces(),
                                Console.count(stats.scrapes(), "scrape"),
                                stats.refused()));
    }
}
