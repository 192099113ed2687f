package dev.thistle.e2e.lab;

import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Our program, started as a script starts it, with both of its streams apart. Ended with all that
/// it started when it is closed.
public final class LabProgram implements AutoCloseable {

    private final Process process;
    private final Path out;
    private final Path err;

    /// How it ended.
    public record Outcome(int exit, String out, String err) {

        /// Its lines about what went wrong.
        public List<String> complaints() {
            return err.lines().filter(line -> line.startsWith("thistle: ")).toList();
        }

        @Override
        public String toString() {
            return "exit code %d, out: %s%nerr: %s".formatted(exit, out, err);
        }
    }

    private LabProgram(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /// Starts what was built, in folder `home`, where its streams go too.
    public static LabProgram start(Path home, Object... arguments) throws IOException {
        return start(home, List.of(), Needs.launcher(), Map.of(), arguments);
    }

    /// Starts it through something that takes its place, such as `nsenter`.
    ///
    /// @param before that program with its options; empty for none
    /// @param launcher what the arguments of `thistle` follow
    /// @param environment more of it
    public static LabProgram start(
            Path home,
            List<String> before,
            List<String> launcher,
            Map<String, String> environment,
            Object... arguments)
            throws IOException {
        // A build in the background ignores Ctrl-C, and so would its children.
        var command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(before);
        command.addAll(launcher);
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path out = home.resolve("stdout");
        Path err = home.resolve("stderr");
        var builder =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new LabProgram(builder.start(), out, err);
    }

    /// Its process, which is the program itself: whatever stands before it has made way.
    public String pid() {
        return String.valueOf(process.pid());
    }

    /// Waits for its end.
    ///
    /// @param patience bounds the test; more than it takes on a busy machine
    public Outcome await(Duration patience) throws IOException, InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(
                    "still runs after %s; it said: %s%s"
                            .formatted(patience, Files.readString(out), Files.readString(err)));
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /// Lets it run for a while.
    ///
    /// @return whether it still runs
    public boolean runsFor(Duration time) throws InterruptedException {
        return !process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Sends it a signal, and nobody else.
    ///
    /// @param name such as `INT`
    public void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
        if (exit != 0) {
            throw new AssertionError("kill -%s ended with %d".formatted(name, exit));
        }
    }

    @Override
    public void close() {
        ProcessTree.end(process);
    }
}
