package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lab.LabProgram;
import dev.thistle.e2e.lab.LabProgram.Outcome;
import dev.thistle.e2e.lab.LabResults;
import dev.thistle.e2e.lab.ProgramFolder;
import dev.thistle.e2e.lan.Needs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The laboratory needs no root: whoever may have a user namespace may play a scenario there, and
/// whoever may not is told so.
@Timeout(300)
class LabOrdinaryUserTest {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    @TempDir private Path home = Path.of("");

    private void need() {
        Needs.network();
        Needs.program("nft", "nftables");
        Needs.program("setpriv", "util-linux");
        var trial = new ArrayList<>(AS_NOBODY);
        trial.addAll(List.of("unshare", "-Urnm", "true"));
        Needs.permission(
                "ordinary users may not make user namespaces here", trial.toArray(String[]::new));
        Needs.thistle();
    }

    /// A copy of the program that everybody may read: this project's own folder may be closed.
    private Path program() throws IOException {
        Path copy = open(home.resolve("program"), "rwxr-xr-x");
        Path built = Needs.root().resolve("cli/target");
        copyJars(built, open(copy.resolve("target"), "rwxr-xr-x"));
        copyJars(
                built.resolve("program"),
                open(copy.resolve("target").resolve("program"), "rwxr-xr-x"));
        for (String script : List.of("with-jdk", "run-program")) {
            Path file = Files.copy(Needs.root().resolve("scripts/" + script), copy.resolve(script));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return copy;
    }

    private static void copyJars(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(from, "*.jar")) {
            for (Path jar : jars) {
                Path copy = Files.copy(jar, to.resolve(jar.getFileName()));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
    }

    private static Path open(Path folder, String permissions) throws IOException {
        Files.createDirectories(folder);
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private Outcome play(Map<String, String> environment, Object... arguments) throws Exception {
        open(home, "rwxr-xr-x");
        Path copy = program();
        Path work = open(home.resolve("work"), "rwxrwxrwx");
        List<String> launcher =
                List.of(
                        copy.resolve("with-jdk").toString(),
                        copy.resolve("run-program").toString(),
                        copy.resolve("target").toString());
        try (var program = LabProgram.start(work, AS_NOBODY, launcher, environment, arguments)) {
            return program.await(PATIENCE);
        }
    }

    @Test
    void an_ordinary_user_plays_rounds_in_a_user_namespace() throws Exception {
        need();

        Outcome outcome =
                play(
                        Map.of(),
                        "lab",
                        "run",
                        "isp-vs-bittorrent",
                        "--quick",
                        "--round",
                        "r0-reset",
                        "--round",
                        "r1-drop-both",
                        "-o",
                        "results",
                        "--json");

        assertThat(outcome.exit()).as("%s", outcome.err()).isZero();
        JsonNode rounds = JsonMapper.shared().readTree(outcome.out()).get("rounds");
        assertThat(rounds).hasSize(2).allMatch(round -> round.get("holds").booleanValue());
        Path results = home.resolve("work/results");
        assertThat(new LabResults(results).names()).contains("summary.json", "report.html");
        assertThat(Files.getAttribute(results.resolve("summary.json"), "unix:uid"))
                .as("whose files they are")
                .isEqualTo(65_534);
    }

    @Test
    void who_has_no_way_to_a_user_namespace_is_told_what_is_missing() throws Exception {
        need();
        Outcome outcome;
        try (var programs = ProgramFolder.without("unshare")) {
            outcome =
                    play(
                            Map.of("PATH", programs.path()),
                            "lab",
                            "run",
                            "isp-vs-bittorrent",
                            "--quick",
                            "-o",
                            "results");
        }

        assertThat(outcome.exit()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .containsExactly(
                        "thistle: no permission for network namespaces: run as root, or install"
                                + " unshare (Debian: package util-linux)");
        assertThat(home.resolve("work/results")).doesNotExist();
    }
}
