package dev.thistle.e2e.lan;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// What the machine must offer for a test. What is missing skips the test and says why; where the
/// environment variable CI is `true` it fails, so that nothing is quietly left out there.
///
/// To be called inside each test, so that each appears in the report by its own name.
public final class Needs {

    private static final String NETWORK_NAMESPACES = "network namespaces need root";

    /// Where the module cli puts its program.
    private static final Path PROGRAM = root().resolve("cli/target");

    private Needs() {}

    /// Root, `ip` and `tcpdump`.
    public static void network() {
        require(isRoot(), NETWORK_NAMESPACES);
        program("ip", "iproute2");
        program("tcpdump", "tcpdump");
    }

    /// A program on the path.
    public static void program(String name, String debianPackage) {
        boolean there =
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        require(there, name + " is not installed (Debian package " + debianPackage + ")");
    }

    /// Something that only a trial can tell.
    public static void success(String debianPackage, String... command) {
        require(succeeds(command), "the Debian package " + debianPackage + " is not installed");
    }

    /// Something that the machine may forbid, which only a trial can tell.
    ///
    /// @param reason one sentence, should it fail
    public static void permission(String reason, String... command) {
        require(succeeds(command), reason);
    }

    /// Our own program, built: not a question of the machine, so its absence is a failure.
    public static void thistle() {
        if (!hasJar(PROGRAM.resolve("program")) || !hasJar(PROGRAM)) {
            fail(PROGRAM + " holds no program: build the module cli first (mvn package)");
        }
    }

    /// How `thistle` starts what was built. Not through `thistle` itself, which may find that it
    /// has to build first: no Maven may run inside the Maven that runs the tests.
    public static List<String> launcher() {
        Path scripts = root().resolve("scripts");
        return List.of(
                scripts.resolve("with-jdk").toString(),
                scripts.resolve("run-program").toString(),
                PROGRAM.toString());
    }

    /// The root of the project, which Surefire is told.
    public static Path root() {
        String root = System.getProperty("thistle.root");
        if (root == null) {
            throw new IllegalStateException("the system property thistle.root is not set");
        }
        return Path.of(root).toAbsolutePath().normalize();
    }

    private static void require(boolean holds, String reason) {
        if (!holds && "true".equals(System.getenv("CI"))) {
            fail(reason + ", and CI is true");
        }
        Assumptions.assumeTrue(holds, reason);
    }

    private static boolean hasJar(Path folder) {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            return jars.iterator().hasNext();
        } catch (IOException e) {
            return false; // no such folder
        }
    }

    private static boolean isRoot() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("Uid:"))
                    .map(line -> List.of(line.split("\\s+")))
                    .anyMatch(ids -> ids.get(2).equals("0"));
        } catch (IOException e) {
            return false; // no Linux
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
