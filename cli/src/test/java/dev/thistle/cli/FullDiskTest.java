package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `thistle get` onto a disk of one MiB that only it can see, and onto one that is read-only: each
/// ends with one line that says what is wrong.
@Timeout(120)
class FullDiskTest {

    private static final byte[] CONTENT = Samples.content(200 * Samples.PIECE);

    @TempDir Path dir;

    @Test
    void a_full_disk_is_told() throws Exception {
        String said = get("size=1m");

        assertThat(said)
                .contains("thistle: writing piece ", "one.bin: No space left on device")
                .contains("the same command goes on from there")
                .doesNotContain("\tat ");
    }

    @Test
    void a_read_only_folder_is_told() throws Exception {
        String said = get("ro");

        assertThat(said).contains("thistle: ", "Read-only file system").doesNotContain("\tat ");
    }

    /// What it says, all of it.
    private String get(String mountOptions) throws Exception {
        List<String> apart =
                List.of("unshare", "-rm", "sh", "-c"); // root in a user namespace may mount
        Assumptions.assumeTrue(
                new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0,
                "user namespaces are not allowed here");
        Path torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));
        Path target = Files.createDirectories(dir.resolve("target"));
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            var command = new ArrayList<>(apart);
            command.add(
                    "mount -t tmpfs -o " + mountOptions + " none \"$1\" && shift && exec \"$@\"");
            command.addAll(List.of("sh", target.toString()));
            command.addAll(
                    List.of(
                            ProcessHandle.current().info().command().orElse("java"),
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "dev.thistle.cli.Thistle",
                            "get",
                            torrent.toString(),
                            "-o",
                            target.toString(),
                            "--port",
                            "0",
                            "--peer",
                            seeder.address()));
            return run(command);
        }
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path log = dir.resolve("log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(Thistle.FAILED);
            return Files.readString(log);
        } finally {
            process.destroyForcibly();
        }
    }
}
