package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void the_same_command_goes_on_when_there_is_room_again() throws Exception {
        String said =
                below(
                        "size=5m",
                        """
                        folder=$1; expected=$2; shift 2
                        head -c 3m /dev/zero > "$folder/in-the-way"
                        "$@" && exit 8
                        rm "$folder/in-the-way"
                        "$@" || exit 9
                        cmp "$folder/one.bin" "$expected" && exit 1
                        """);

        assertThat(said)
                .contains("No space left on device")
                .contains("one.bin is complete")
                .doesNotContain("differ", "\tat ");
    }

    /// What `thistle get` says, all of it.
    private String get(String mountOptions) throws Exception {
        return below(mountOptions, "shift 2; exec \"$@\"");
    }

    /// What a script says that ends with [Thistle#FAILED]. It is given the folder of the download,
    /// on a disk of its own, the file that the download has to become, and `thistle get`.
    private String below(String mountOptions, String script) throws Exception {
        Assumptions.assumeTrue(
                new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0,
                "user namespaces are not allowed here");
        Path torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));
        Path expected = Files.write(dir.resolve("expected"), CONTENT);
        Path target = Files.createDirectories(dir.resolve("target"));
        String mount = "mount -t tmpfs -o %s none \"$1\" || exit 7\n".formatted(mountOptions);
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            return run(
                    List.of(
                            "unshare", // root in a user namespace may mount
                            "-rm",
                            "sh",
                            "-c",
                            mount + script,
                            "sh",
                            target.toString(),
                            expected.toString(),
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
