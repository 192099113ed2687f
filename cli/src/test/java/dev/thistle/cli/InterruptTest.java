package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C as it really comes: a signal to a process.
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class InterruptTest {

    private static final byte[] CONTENT = Samples.content(60 * Samples.PIECE);

    /// Below the module's folder, where tests run.
    private static final Path STACKS = Path.of("target", "stuck-program.txt").toAbsolutePath();

    private static final int HUGE_PIECE = 16 * 1024 * 1024;
    private static final long HUGE_BYTES = 4000L * HUGE_PIECE;

    @TempDir Path dir;

    private Process thistle(Object... args) throws Exception {
        return thistleOn(0, args);
    }

    private Process thistleOn(int columns, Object... args) throws Exception {
        // a build in the background ignores the signal, and so would its children
        var command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Djava.io.tmpdir=" + dir, "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Thistle.class.getName());
        for (Object arg : args) {
            command.add(arg.toString());
        }
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("THISTLE_COLUMNS", "" + columns);
        Process process = builder.start();
        CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS).execute(() -> endStuck(process));
        return process;
    }

    /// A read from a pipe cannot be interrupted, so the timeout of a test does not end it; the
    /// death of the other side does. What the program hung on is printed first.
    private static void endStuck(Process process) {
        if (!process.isAlive()) {
            return;
        }
        try {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            new ProcessBuilder(jcmd.toString(), "" + process.pid(), "Thread.print")
                    .redirectErrorStream(true)
                    .redirectOutput(STACKS.toFile())
                    .start()
                    .waitFor(20, TimeUnit.SECONDS);
            System.err.println("a program was stuck; its stacks: " + STACKS);
        } catch (IOException | InterruptedException untold) {
            System.err.println("no stacks of the stuck program: " + untold);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String awaitLine(BufferedReader reader, String part) throws Exception {
        var said = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            said.append(line).append('\n');
            if (line.contains(part)) {
                return line;
            }
        }
        throw new AssertionError("no '%s' in: %s".formatted(part, said));
    }

    private static List<String> interrupt(Process process, BufferedReader reader) throws Exception {
        assertThat(new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor())
                .isZero();
        List<String> rest = reader.readAllLines();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", rest).isEqualTo(130);
        return rest;
    }

    @Test
    void a_download_keeps_what_it_has_says_goodbye_and_goes_on_later() throws Exception {
        Path target = dir.resolve("target");
        try (var tracker = new HostileServer()) {
            Path file = Samples.write(dir.resolve("data/one.bin"), CONTENT);
            Path torrent =
                    Samples.create(
                            file, dir.resolve("x.torrent"), "--tracker", tracker.url("/nobody"));
            try (var seeder = Seeder.of(torrent, CONTENT)) {
                seeder.serveOnly(50);
                Process getting =
                        thistle(
                                "get",
                                torrent,
                                "-o",
                                target,
                                "--peer",
                                seeder.address(),
                                "--port",
                                0);
                try (var reader = getting.inputReader()) {
                    awaitLine(reader, "downloading: ");
                    assertThat(interrupt(getting, reader))
                            .filteredOn(line -> line.startsWith("thistle: "))
                            .containsExactly(
                                    "thistle: interrupted: what was verified stays; the same command"
                                            + " goes on from there");
                }
                assertThat(tracker.queries())
                        .anyMatch(query -> query.contains("event=started"))
                        .anyMatch(query -> query.contains("event=stopped"));

                seeder.serveOnly(1_000_000);
                var json =
                        Program.run(
                                        "get",
                                        torrent,
                                        "-o",
                                        target,
                                        "--peer",
                                        seeder.address(),
                                        "--port",
                                        0,
                                        "--json")
                                .expectDone()
                                .json();
                assertThat(json.get("downloadedBytes").longValue())
                        .isPositive()
                        .isLessThanOrEqualTo(CONTENT.length - Samples.PIECE);
            }
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
    }

    /// A library that asks the terminal for its width may take the signal for itself.
    @Test
    void a_progress_bar_does_not_take_the_signal() throws Exception {
        Path torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            seeder.serveOnly(50);
            Process getting =
                    thistleOn(
                            70,
                            "get",
                            torrent,
                            "-o",
                            dir.resolve("target"),
                            "--peer",
                            seeder.address(),
                            "--port",
                            0);
            try (var reader = getting.inputReader()) {
                assertThat(awaitLine(reader, "downloading ")).hasSizeLessThan(70);
                assertThat(interrupt(getting, reader))
                        .anyMatch(line -> line.startsWith("thistle: interrupted: what was"));
            }
        }
    }

    @Test
    void a_download_that_seeds_on_prints_its_document_all_the_same() throws Exception {
        Path torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));
        Path target = dir.resolve("target");
        Samples.write(target.resolve("one.bin"), CONTENT);
        Process getting = thistle("get", torrent, "-o", target, "--port", 0, "--seed", "--json");
        try (var reader = getting.inputReader()) {
            awaitLine(reader, "seeding on port");
            assertThat(interrupt(getting, reader)).anyMatch(line -> line.contains("uploadedBytes"));
        }
    }

    /// Sparse, so that it takes no room and yet a while.
    private Path hugeFile() throws IOException {
        Path huge = dir.resolve("huge.bin");
        try (var file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(HUGE_BYTES);
        }
        return huge;
    }

    @Test
    void hashing_for_a_new_torrent_stops_and_writes_nothing() throws Exception {
        Path target = dir.resolve("huge.torrent");
        Process creating = thistle("create", hugeFile(), "-o", target);
        try (var reader = creating.inputReader()) {
            awaitLine(reader, "hashing: ");
            assertThat(interrupt(creating, reader))
                    .filteredOn(line -> line.startsWith("thistle: "))
                    .containsExactly("thistle: interrupted: no torrent was written");
        }
        assertThat(target).doesNotExist();
    }

    @Test
    void a_check_stops() throws Exception {
        hugeFile();
        var builder = TorrentBuilder.ofFile("huge.bin", HUGE_BYTES, HUGE_PIECE);
        for (long piece = 0; piece < HUGE_BYTES / HUGE_PIECE; piece++) {
            builder.pieceHash(new byte[20]);
        }
        Path torrent = Files.write(dir.resolve("x.torrent"), builder.build());
        Process checking = thistle("check", torrent, dir);
        try (var reader = checking.inputReader()) {
            awaitLine(reader, "checking: ");
            assertThat(interrupt(checking, reader))
                    .filteredOn(line -> line.startsWith("thistle: "))
                    .containsExactly("thistle: interrupted: not everything was looked at");
        }
    }

    @Test
    void a_seeder_says_goodbye() throws Exception {
        try (var tracker = new HostileServer()) {
            Path file = Samples.write(dir.resolve("data/one.bin"), CONTENT);
            Path torrent =
                    Samples.create(
                            file, dir.resolve("x.torrent"), "--tracker", tracker.url("/nobody"));
            Process seeding = thistle("seed", torrent, dir.resolve("data"), "--port", 0);
            try (var reader = seeding.inputReader()) {
                awaitLine(reader, "seeding one.bin");
                assertThat(interrupt(seeding, reader))
                        .containsExactly("thistle: interrupted: seeding stops");
            }
        }
    }

    @Test
    void a_tracker_stops() throws Exception {
        Process tracker = thistle("tracker", "--http", "127.0.0.1:0");
        try (var reader = tracker.inputReader()) {
            awaitLine(reader, "tracker at http://127.0.0.1:");
            assertThat(interrupt(tracker, reader))
                    .containsExactly("thistle: interrupted: the tracker stops");
        }
    }

    @Test
    void the_demonstration_leaves_nothing_behind() throws Exception {
        Process demo = thistle("demo");
        try (var reader = demo.inputReader()) {
            awaitLine(reader, "2. ");
            assertThat(interrupt(demo, reader))
                    .filteredOn(line -> line.startsWith("thistle: "))
                    .containsExactly("thistle: interrupted: the demonstration stops");
        }
        try (var left = Files.list(dir)) {
            assertThat(left.filter(path -> path.getFileName().toString().contains("demo")))
                    .isEmpty();
        }
    }
}
