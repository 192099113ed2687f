package dev.thistle.bench.box;

import dev.thistle.net.linux.Machine;
import dev.thistle.net.linux.Machine.Namespaces;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What does the ISP's box carry? Question: are it 0.8 Gbit/s of TCP payload at MTU 1500 with all
/// detectors on, and what do they cost beside none, and the box beside a bare loop?
///
/// A stranger calls an odd port of a customer, who uploads through open lines; both ends are the
/// kernel's TCP, without offloads. The ways take turns, so that whatever else the machine does
/// meets all of them. The first round warms up and is not counted.
///
/// Run `scripts/bench box [ROUNDS [SECONDS]]` as root; compare `bench/baselines/box.md`.
public final class BoxThroughput {

    static final int MTU = 1500;

    private static final int WARM_SECONDS = 3;
    private static final int MOST_ROUNDS = 100;
    private static final int MOST_SECONDS = 600;

    private final PrintStream out;
    private final int rounds;
    private final long nanos;

    private BoxThroughput(PrintStream out, int rounds, int seconds) {
        this.out = out;
        this.rounds = rounds;
        nanos = seconds * 1_000_000_000L;
    }

    /// Ends with 2 after wrong usage, with 1 where namespaces cannot be made or the network failed.
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    private static int run(String[] arguments, PrintStream out, PrintStream err) {
        try {
            int rounds = number("ROUNDS", arguments, 0, 5, MOST_ROUNDS);
            int seconds = number("SECONDS", arguments, 1, 5, MOST_SECONDS);
            Optional<String> missing = missing(Machine.look());
            if (missing.isPresent()) {
                err.println("box: " + missing.get());
                return 1;
            }
            new BoxThroughput(out, rounds, seconds).measure();
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("box: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("box: " + e.getMessage());
            return 1;
        }
    }

    /// @throws IllegalArgumentException if it is no number within its bounds
    static int number(String name, String[] arguments, int index, int usual, int most) {
        if (index >= arguments.length) {
            return usual;
        }
        String text = arguments[index];
        if (text.matches("[1-9][0-9]{0,5}") && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("%s '%s', allowed 1..%d".formatted(name, text, most));
    }

    /// One sentence about what this machine lacks for it. To become root of a user namespace is no
    /// advice here: its socket gets a small buffer, and the box would be measured losing frames.
    static Optional<String> missing(Machine machine) {
        return switch (machine.namespaces()) {
            case Namespaces.Refused(String reason) -> Optional.of(reason);
            case Namespaces.AllowedInside() ->
                    Optional.of("no permission for network namespaces: run as root");
            case Namespaces.Allowed() ->
                    machine.programs().contains("ip")
                            ? Optional.empty()
                            : Optional.of("no program 'ip' (Debian: package iproute2)");
        };
    }

    private void measure() throws IOException {
        out.printf("load before: %s%n", load());
        List<Turn> turns = new ArrayList<>();
        try (Track track = Track.lay()) {
            for (Way way : Way.values()) {
                track.run(way, WARM_SECONDS * 1_000_000_000L);
            }
            out.println(Turn.HEADING);
            for (int round = 0; round < rounds; round++) {
                for (Way way : Way.values()) {
                    Turn turn = track.run(way, nanos);
                    turns.add(turn);
                    out.println(turn.row());
                }
            }
        }
        out.printf("%n%s%n", Medians.HEADING);
        Medians bare = Medians.of(Way.BARE_LOOP, turns);
        Arrays.stream(Way.values())
                .map(way -> Medians.of(way, turns).row(bare))
                .forEach(out::println);
        out.printf("%nload after: %s%n", load());
    }

    private static String load() throws IOException {
        String averages = Files.readString(Path.of("/proc/loadavg"), StandardCharsets.US_ASCII);
        int processors = ManagementFactory.getOperatingSystemMXBean().getAvailableProcessors();
        return averages.strip() + ", processors " + processors;
    }
}
