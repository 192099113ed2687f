package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
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
