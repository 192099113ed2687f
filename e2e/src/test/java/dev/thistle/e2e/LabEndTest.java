package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lab.LabProgram;
import dev.thistle.e2e.lab.LabProgram.Outcome;
import dev.thistle.e2e.lab.Traces;
import dev.thistle.e2e.lan.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A run that is killed or interrupted, at any moment, leaves nothing behind: no process, device,
/// namespace, firewall rule or temporary file.
@Timeout(300)
class LabEndTest {

    private static final long SEED = 20_081;

    private static final int ENDS = 20;

    /// At once: more would only wait for each other.
    private static final int BESIDE = 4;

    private static final Duration EARLIEST = Duration.ofMillis(500);
    private static final Duration LATEST = Duration.ofSeconds(12);

    /// A goodbye to every peer, on a busy machine.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// One program and its end.
    ///
    /// @param signal `KILL` or `INT`
    private record Ending(int number, String signal, Duration moment) {

        @Override
        public String toString() {
            return "%d: %s after %s (seed %d)".formatted(number, signal, moment, SEED);
        }
    }

    @TempDir private Path home = Path.of("");

    private static List<Ending> endings() {
        var random = new SplittableRandom(SEED);
        return IntStream.range(0, ENDS)
                .mapToObj(i ->
                        new Ending(
                                i,
                                i % 2 == 0 ? "KILL" : "INT",
                                Duration.ofMillis(
                                        random.nextLong(EARLIEST.toMillis(), LATEST.toMillis()))))
                .toList();
    }

    @Test
    void a_run_that_is_killed_or_interrupted_leaves_nothing_behind() throws Exception {
        Needs.network();
        Needs.program("nft", "nftables");
        Needs.program("nsenter", "util-linux");
        Needs.thistle();
        try (var traces = Traces.begin();
                ExecutorService beside = Executors.newFixedThreadPool(BESIDE)) {
            var results = new ArrayList<Future<?>>();
            for (Ending ending : endings()) {
                results.add(
                        beside.submit(() -> {
                            end(ending, traces);
                            return ending;
                        }));
            }
            for (Future<?> result : results) {
                result.get();
            }
            assertThat(traces.left()).isEmpty();
        }
    }

    private void end(Ending ending, Traces traces) throws Exception {
        Path folder = Files.createDirectories(home.resolve("" + ending.number));
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path target = folder.resolve("results");
        var environment =
                Map.of(
                        Traces.MARK,
                        traces.word(),
                        "JDK_JAVA_OPTIONS",
                        "-Djava.io.tmpdir=" + temporary);
        try (var program =
                LabProgram.start(
                        folder,
                        traces.inside(),
                        Needs.launcher(),
                        environment,
                        "lab",
                        "run",
                        "isp-vs-bittorrent",
                        "--quick",
                        // with firewalls, so that there is more to leave behind
                        "--round",
                        "r1-drop-both",
                        "-o",
                        target)) {
            assertThat(program.runsFor(ending.moment)).as("%s: still runs", ending).isTrue();
            assertThat(traces.marked())
                    .as("%s: it carries the word", ending)
                    .contains(program.pid());
            boolean hadBegun = Files.exists(target);
            program.signal(ending.signal);
            check(ending, program.await(PATIENCE), hadBegun);
        }
        assertThat(target.resolve("summary.json")).as("%s", ending).doesNotExist();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).as("%s: temporary files", ending).isEmpty();
        }
    }

    /// Before it has a folder it may be too early for a line.
    private static void check(Ending ending, Outcome outcome, boolean hadBegun) {
        boolean isPolite = ending.signal.equals("INT");
        assertThat(outcome.exit()).as("%s: %s", ending, outcome).isEqualTo(isPolite ? 130 : 137);
        if (isPolite && hadBegun) {
            assertThat(outcome.complaints())
                    .as("%s: %s", ending, outcome)
                    .singleElement()
                    .asString()
                    .contains("interrupted: ", "is not whole");
        } else {
            assertThat(outcome.complaints()).as("%s", ending).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(outcome.err()).as("%s", ending).doesNotContain("\tat ", "Exception");
    }
}
