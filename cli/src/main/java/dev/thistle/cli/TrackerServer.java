package dev.thistle.cli;

import dev.thistle.tracker.Tracker;
import dev.thistle.tracker.TrackerConfig;
import dev.thistle.tracker.TrackerConfig.Lists;
import dev.thistle.tracker.TrackerStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `thistle tracker`: serves until interrupted, and says now and then how it is doing.
final class TrackerServer {

    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);

    private final Console console;

    TrackerServer(Console console) {
        this.console = console;
    }

    int serve(String http, Duration interval, Optional<Path> allow, Optional<Path> deny)
            throws IOException, InterruptedException {
        TrackerConfig config = config(HostPort.parse(http).address(), interval, allow, deny);
        try (Tracker tracker = Tracker.start(config)) {
            var interrupted = new CountDownLatch(1);
            var onInterrupt = new Thread(tracker::close, "interrupted");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            InetSocketAddress address = tracker.address();
            console.say(
                    ("tracker at http://%s:%d/announce, in the clear and obfuscated (BEP 8);"
                                    + " Ctrl-C stops")
                            .formatted(HostPort.text(address.getAddress()), address.getPort()));
            while (!interrupted.await(REPORT_EVERY.toSeconds(), TimeUnit.SECONDS)) {
                report(tracker.stats());
            }
            return 0;
        }
    }

    private static TrackerConfig config(
            InetSocketAddress bind, Duration interval, Optional<Path> allow, Optional<Path> deny)
            throws IOException {
        try {
            var lists = new Lists(allow.orElse(null), deny.orElse(null), null);
            return TrackerConfig.on(bind).withInterval(interval).withLists(lists);
        } catch (IllegalArgumentException outOfRange) {
            throw new IOException(outOfRange.getMessage(), outOfRange);
        }
    }

    private void report(TrackerStats stats) {
        console.note(
                "%d torrents, %d peers; %d announces (%d obfuscated), %d scrapes, %d refused"
                        .formatted(
                                stats.torrents(),
                                stats.peers(),
                                stats.announces(),
                                stats.obfuscatedAnnounces(),
                                stats.scrapes(),
                                stats.refused()));
    }
}
