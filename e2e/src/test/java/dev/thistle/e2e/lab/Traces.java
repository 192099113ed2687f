package dev.thistle.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A network namespace that a program takes for the machine's own, and a word in its environment
/// that everything it starts inherits. So what it leaves behind is told apart from what others do
/// on the same machine at the same time.
public final class Traces implements AutoCloseable {

    /// Of the environment.
    public static final String MARK = "THISTLE_TRACES";

    /// The kernel takes namespaces away some time after their last process.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final long PATIENCE_SECONDS = 20;

    private final String word = "traces-" + UUID.randomUUID();
    private final Set<String> namesBefore;

    private Traces(Set<String> namesBefore) {
        this.namesBefore = namesBefore;
    }

    /// Makes the namespace, with loopback up.
    public static Traces begin() throws IOException, InterruptedException {
        var traces = new Traces(names());
        run("ip", "netns", "add", traces.word);
        run("ip", "-n", traces.word, "link", "set", "lo", "up");
        return traces;
    }

    /// What starts a program there; to be put before its command.
    public List<String> inside() {
        return List.of("nsenter", "--net=/run/netns/" + word);
    }

    /// For [#MARK].
    public String word() {
        return word;
    }

    /// Everything found, in words; waits until there is nothing, or patience runs out.
    public List<String> left() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> found = look();
        while (!found.isEmpty() && System.nanoTime() - deadline < 0) {
            found = look(); // starts programs: no busy loop
        }
        return found;
    }

    private List<String> look() throws IOException, InterruptedException {
        var found = new ArrayList<String>();
        marked().forEach(pid -> found.add("process " + pid));
        run("ip", "-n", word, "-o", "link")
                .lines()
                .filter(line -> !line.contains(": lo:"))
                .forEach(line -> found.add("device " + line));
        run("nsenter", "--net=/run/netns/" + word, "nft", "list", "tables")
                .lines()
                .forEach(line -> found.add("nft " + line));
        var names = names();
        names.removeAll(namesBefore);
        names.stream()
                .filter(name -> !name.startsWith("thistle-") && !name.startsWith("traces-"))
                .forEach(name -> found.add("network namespace " + name)); // not of other tests
        return found;
    }

    /// Ids of all processes that carry the word.
    public Set<String> marked() throws IOException {
        var pids = new TreeSet<String>();
        String wanted = MARK + "=" + word;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                if (environment(process).contains(wanted)) {
                    pids.add(process.getFileName().toString());
                }
            }
        }
        return pids;
    }

    private static String environment(Path process) {
        try {
            byte[] bytes = Files.readAllBytes(process.resolve("environ"));
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException | UncheckedIOException e) {
            return ""; // it has just ended
        }
    }

    private static Set<String> names() throws IOException, InterruptedException {
        return run("ip", "netns", "list")
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("%s: %s".formatted(String.join(" ", command), said.strip()));
        }
        return said;
    }

    @Override
    public void close() throws IOException {
        try {
            run("ip", "netns", "del", word);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
