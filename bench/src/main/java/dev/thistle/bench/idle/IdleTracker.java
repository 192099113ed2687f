package dev.thistle.bench.idle;

import dev.thistle.tracker.Tracker;
import dev.thistle.tracker.TrackerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A tracker on loopback that says its port, and after each line of its input how many announces
/// there were, until its input ends. What it logs goes to its error output.
final class IdleTracker {

    private IdleTracker() {}

    /// `INTERVAL`, in seconds
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        var config =
                TrackerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withInterval(Duration.ofSeconds(Long.parseLong(arguments[0])));
        var questions =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (var tracker = Tracker.start(config)) {
            answers.println(tracker.address().getPort());
            while (questions.readLine() != null) {
                answers.println(tracker.stats().announces());
            }
        }
    }
}
