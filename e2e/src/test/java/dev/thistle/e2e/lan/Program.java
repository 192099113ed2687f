package dev.thistle.e2e.lan;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A program that was started on a [Host]: its output, its end.
///
/// It is ended after [#LIFETIME] whatever it does, so that nothing a test starts outlives it by
/// much. The waiting methods throw an [AssertionError] with the last of its output when patience
/// runs out or it ends too early.
public final class Program implements AutoCloseable {

    /// The longest any program of these tests may run.
    public static final Duration LIFETIME = Duration.ofMinutes(2);

    /// How much of the output a failure shows.
    private static final int SHOWN_CHARS = 4_000;

    private static final long POLL_MILLIS = 50;

    private final String name;
    private final Process process;
    private final Output output = new Output();
    private final Thread reader;

    Program(String name, ProcessBuilder builder) throws IOException {
        this.name = name;
        this.process = builder.redirectErrorStream(true).start();
        this.reader = Thread.ofVirtual().name(name + " output").start(this::collect);
        Thread.ofVirtual().name(name + " lifetime").start(this::limit);
    }

    /// What it has printed so far, both streams together, from the beginning.
    public String output() {
        return output.toString();
    }

    public boolean hasEnded() {
        return !process.isAlive();
    }

    /// Waits for it to end by itself, which must be with exit code 0.
    public void awaitSuccess(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failure("still runs after " + patience);
        }
        reader.join(Duration.ofSeconds(5));
        if (process.exitValue() != 0) {
            throw failure("ended with exit code " + process.exitValue());
        }
    }

    /// Waits until it, or a process it started, listens on the TCP port.
    public void awaitListening(int port) throws InterruptedException {
        await("listen on port " + port, Duration.ofSeconds(30), () -> listens(port));
    }

    /// Waits until `condition` holds while it runs.
    ///
    /// @param what for messages: "PROGRAM did not WHAT"
    public void await(String what, Duration patience, BooleanSupplier condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw failure("did not " + what + " within " + patience);
            }
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS) && !condition.getAsBoolean()) {
                throw failure(
                        "ended with exit code " + process.exitValue() + " and did not " + what);
            }
        }
    }

    /// Ends it and all it started. May be called again.
    @Override
    public void close() {
        ProcessTree.end(process);
    }

    private AssertionError failure(String what) {
        String all = output();
        String shown = all.substring(Math.max(0, all.length() - SHOWN_CHARS));
        return new AssertionError("%s %s; it said:%n%s".formatted(name, what, shown));
    }

    private void collect() {
        var chars = new char[4096];
        try (Reader in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            for (int n = in.read(chars); n >= 0; n = in.read(chars)) {
                output.append(new String(chars, 0, n));
            }
        } catch (IOException e) {
            output.append("\n(output ends: " + e.getMessage() + ")");
        }
    }

    private void limit() {
        try {
            if (!process.waitFor(LIFETIME.toMillis(), TimeUnit.MILLISECONDS)) {
                output.append("\n(ended after " + LIFETIME + ")");
                close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// `/proc/PID/net` shows the sockets of the process's own namespace: nobody else's port there
    /// can be mistaken for this one's but a neighbour's on the same host. State 0A is LISTEN.
    private boolean listens(int port) {
        String local = ":%04X".formatted(port);
        return Stream.of("tcp", "tcp6")
                .map(table -> Path.of("/proc/" + process.pid() + "/net/" + table))
                .flatMap(Program::lines)
                .map(line -> line.strip().split("\\s+"))
                .anyMatch(f -> f.length > 3 && f[1].endsWith(local) && f[3].equals("0A"));
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException | UncheckedIOException e) {
            return Stream.empty(); // it has just ended: then it does not listen
        }
    }

    /// Written by the reader and the lifetime's thread, read by the test's.
    private static final class Output {

        /// Enough to see what went wrong; progress lines come by the thousand.
        private static final int MAX_CHARS = 1 << 20;

        private final StringBuilder text = new StringBuilder();

        private synchronized void append(String more) {
            if (text.length() < MAX_CHARS) {
                text.append(more);
            }
        }

        @Override
        public synchronized String toString() {
            return text.toString();
        }
    }
}
