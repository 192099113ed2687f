package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedTest {

    private static final byte[] CONTENT = Samples.content(50_000);

    @TempDir Path dir;
    private Path torrent;
    private Path data;

    @BeforeEach
    void makeTorrent() throws Exception {
        torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));
        data = Files.createDirectories(dir.resolve("data"));
    }

    @Test
    void complete_data_is_seeded_until_interrupted() throws Exception {
        Files.write(data.resolve("one.bin"), CONTENT);
        Path target = dir.resolve("target");
        var seeding = Program.start("seed", torrent, data, "--port", 0, "--encryption", "require");
        String port =
                seeding.awaitOut(
                                "seeding one.bin on port (\\d+) \\(encryption require, cipher any\\);")
                        .group(1);

        Program.run("get", torrent, "-o", target, "--peer", "127.0.0.1:" + port, "--port", 0)
                .expectDone();

        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
        assertThat(seeding.interrupt().exit()).isEqualTo(130);
    }

    @Test
    void incomplete_data_is_refused_with_what_completes_it() throws Exception {
        Files.write(data.resolve("one.bin"), Arrays.copyOf(CONTENT, 20_000));

        Program.run("seed", torrent, data, "--port", 0)
                .expectFailure(
                        "holds 16.0 KiB of 48.8 KiB",
                        "thistle get %s -o %s completes it".formatted(torrent, data));
        Program.run("seed", torrent, dir.resolve("none"), "--port", 0)
                .expectFailure("none: not a folder");
        assertThat(data.resolve("one.bin")).hasSize(20_000);
    }

    /// The second run would see the flipped byte if it looked; the third one has to look.
    @Test
    void data_that_did_not_change_is_not_checked_again() throws Exception {
        Path file = Files.write(data.resolve("one.bin"), CONTENT);
        seedFor(torrent);
        FileTime time = Files.getLastModifiedTime(file);
        byte[] flipped = CONTENT.clone();
        flipped[7] ^= 1;
        Files.write(file, flipped);

        Files.setLastModifiedTime(file, time);
        seedFor(torrent);
        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 5_000));
        Program.run("seed", torrent, data, "--port", 0).expectFailure("holds 32.8 KiB of 48.8 KiB");
    }

    private void seedFor(Path what) throws Exception {
        var seeding = Program.start("seed", what, data, "--port", 0);
        seeding.awaitOut("seeding one.bin on port");
        assertThat(seeding.interrupt().exit()).isEqualTo(130);
    }

    @Test
    void a_goal_ends_it_and_says_so() throws Exception {
        Files.write(data.resolve("one.bin"), CONTENT);
        var seeding =
                Program.start("seed", torrent, data, "--port", 0, "--seed-ratio", 1, "--super");
        String port = seeding.awaitOut("seeding one.bin on port (\\d+)").group(1);
        Program.run(
                        "get",
                        torrent,
                        "-o",
                        dir.resolve("target"),
                        "--peer",
                        "127.0.0.1:" + port,
                        "--port",
                        0)
                .expectDone();
        assertThat(seeding.end().expectDone().err())
                .contains("seeding ends: uploaded 1.00 times its size, the goal is 1.0");
        Program.run("seed", torrent, data, "--port", 0, "--seed-ratio", -2)
                .expectWrongUsage("--seed-ratio -2");
    }

    @Test
    void a_port_in_use_is_said() throws Exception {
        Files.write(data.resolve("one.bin"), CONTENT);
        try (var taken = new ServerSocket(0)) {
            int port = taken.getLocalPort();
            Program.run("seed", torrent, data, "--port", port)
                    .expectFailure(":" + port, "in use", "choose another port");
            Program.run("get", torrent, "-o", data, "--port", port)
                    .expectFailure(":" + port, "in use");
        }
    }

    @Test
    void a_wrong_port_or_choice_is_wrong_usage() throws Exception {
        Program.run("seed", torrent, data, "--port", 65_536).expectWrongUsage("--port 65536");
        Program.run("seed", torrent, data, "--port", -1).expectWrongUsage("--port -1");
        Program.run("seed", torrent, data, "--port", "x").expectWrongUsage("--port", "x");
        Program.run("seed", torrent, data, "--cipher", "rot13")
                .expectWrongUsage("rot13", "allowed plaintext rc4 any");
        Program.run("seed", torrent, data, "--encryption", "maybe")
                .expectWrongUsage("maybe", "allowed off allow prefer require");
        Program.run("seed", torrent).expectWrongUsage("DIR");
    }
}
