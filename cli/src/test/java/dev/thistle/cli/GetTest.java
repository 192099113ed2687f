package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.SimpleFileServer;
import dev.thistle.cli.Program.Outcome;
import dev.thistle.engine.resume.ResumeFile;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class GetTest {

    private static final byte[] CONTENT = Samples.content(20 * Samples.PIECE + 5);

    @TempDir Path dir;
    private Path torrent;
    private Path target;

    @BeforeEach
    void makeTorrent() throws Exception {
        torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));
        target = dir.resolve("down/loads");
    }

    private Outcome get(Object... more) throws Exception {
        return Program.run(
                Stream.concat(Stream.of("get", torrent, "-o", target, "--port", 0), Stream.of(more))
                        .toArray());
    }

    @Test
    void a_download_is_told_to_people() throws Exception {
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            var got = get("--peer", seeder.address()).expectDone();

            assertThat(got.out())
                    .containsPattern(
                            "one\\.bin is complete in .*loads: 320\\.0 KiB in \\d+\\.\\d s \\(.*/s\\),"
                                    + " every piece verified")
                    .containsPattern("320\\.0 KiB by MSE, RC4 payload");
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
        Program.run("check", torrent, target).expectDone();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "*.txt,       one.txt two.txt",
        "sub/**,      two.txt three.bin",
        "sub/*.bin,   three.bin",
        "'{one,nil}.*', one.txt",
    })
    void files_that_are_selected_are_downloaded_and_no_others(String glob, String expected)
            throws Exception {
        byte[] content = Samples.content(9 * Samples.PIECE); // three files of three pieces each
        List<List<String>> paths =
                List.of(List.of("one.txt"), List.of("sub", "two.txt"), List.of("sub", "three.bin"));
        Path folder =
                Files.write(dir.resolve("f.torrent"), Samples.folder("folder", content, paths));
        try (var seeder = Seeder.of(folder, content)) {
            var got =
                    Program.run(
                                    "get",
                                    folder,
                                    "-o",
                                    target,
                                    "--port",
                                    0,
                                    "--peer",
                                    seeder.address(),
                                    "--select",
                                    glob,
                                    "--sequential")
                            .expectDone();
            assertThat(got.out()).contains("the selection of folder is complete");
        }
        for (int i = 0; i < paths.size(); i++) {
            Path file = target.resolve("folder/" + String.join("/", paths.get(i)));
            if (List.of(expected.split(" ")).contains(paths.get(i).getLast())) {
                int from = i * 3 * Samples.PIECE;
                assertThat(file)
                        .hasBinaryContent(
                                Arrays.copyOfRange(content, from, from + 3 * Samples.PIECE));
            } else {
                assertThat(file).doesNotExist();
            }
        }
    }

    @Test
    void a_magnet_link_may_choose_files() throws Exception {
        byte[] content = Samples.content(6 * Samples.PIECE); // two files of three pieces each
        var paths = List.of(List.of("one.txt"), List.of("two.txt"));
        Files.write(torrent, Samples.folder("folder", content, paths));
        try (var seeder = Seeder.of(torrent, content)) {
            Object peer = seeder.address();
            Program.run("get", link() + "&so=1", "-o", target, "--port", 0, "--peer", peer)
                    .expectDone();
        }
        assertThat(target.resolve("folder/one.txt")).doesNotExist();
        int half = 3 * Samples.PIECE;
        assertThat(target.resolve("folder/two.txt"))
                .hasBinaryContent(Arrays.copyOfRange(content, half, 2 * half));
    }

    @Test
    void a_selection_that_fits_nothing_says_what_there_is() throws Exception {
        var got = get("--select", "*.iso");
        got.expectFailure("--select *.iso fits none of one.bin");
    }

    @Test
    void a_download_keeps_to_its_rate() throws Exception {
        try (var seeder = Seeder.of(torrent, CONTENT)) { // 320 KiB, of which a burst comes at once
            long start = System.nanoTime();
            get("--peer", seeder.address(), "--down", "200K").expectDone();
            assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
        }
        get("--down", "12").expectWrongUsage("--down", "'12', allowed bytes a second such as 500K");
        get("--up", "fast").expectWrongUsage("--up", "'fast', allowed bytes a second");
    }

    /// A plain server that knows nothing of ranges, and nobody else.
    @Test
    void a_web_server_is_enough() throws Exception {
        Path root = dir.toRealPath().resolve("web");
        Path data = Samples.write(root.resolve("one.bin"), CONTENT);
        var server =
                SimpleFileServer.createFileServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        root,
                        SimpleFileServer.OutputLevel.NONE);
        server.start();
        try {
            String url = "http://127.0.0.1:%d/one.bin".formatted(server.getAddress().getPort());
            Path web = Samples.create(data, dir.resolve("web.torrent"), "--web-seed", url);
            JsonNode json =
                    Program.run("get", web, "-o", target, "--port", 0, "--json")
                            .expectDone()
                            .json();
            assertThat(json.get("downloadedBytes").longValue()).isEqualTo(CONTENT.length);
            assertThat(json.get("peers").intValue()).isZero();
        } finally {
            server.stop(0);
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
    }

    @Test
    void a_magnet_link_that_was_interrupted_knows_what_it_names() throws Exception {
        byte[] content = Samples.content(200 * Samples.PIECE);
        Files.write(torrent, Samples.file("one.bin", content));
        try (var seeder = Seeder.of(torrent, content)) {
            seeder.serveOnly(190); // some may wait in its buffers
            Object[] command = {
                "get", link(), "-o", target, "--port", 0, "--peer", seeder.address()
            };
            var first = Program.start(command);
            awaitPieces(content, 20);
            first.interrupt();
            Path saved = ResumeSettings.beside(target, metainfo().infoHash()).file().orElseThrow();
            assertThat(new ResumeFile(saved).read().orElseThrow().described().info()).isPresent();
            seeder.serveOnly(1_000);

            assertThat(Program.run(command).expectDone().err()).contains("going on: ");
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(content);
    }

    @Test
    void a_magnet_link_is_enough() throws Exception {
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            var got =
                    Program.run(
                            "get", link(), "-o", target, "--port", 0, "--peer", seeder.address());

            assertThat(got.expectDone().out()).contains("one.bin is complete in");
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);

        var again = Program.run("get", link(), "-o", target, "--port", 0); // nobody to ask
        assertThat(again.expectDone().out()).contains("one.bin is complete in");
        Files.write(target.resolve("one.bin"), new byte[CONTENT.length]);
        Program.run("get", link(), "-o", target, "--port", 0)
                .expectFailure("nowhere to download from", "--peer HOST:PORT");
    }

    @Test
    void a_link_that_names_nobody_leads_nowhere() throws Exception {
        Program.run("get", link(), "-o", target, "--port", 0)
                .expectFailure("nowhere to download from", "--peer HOST:PORT");
        Program.run("get", "magnet:?xt=urn:btih:xyz", "-o", target).expectFailure("magnet link: ");
    }

    private String link() throws Exception {
        return "magnet:?xt=urn:btih:" + metainfo().infoHash();
    }

    private Metainfo metainfo() throws Exception {
        return MetainfoReader.read(ByteBuffer.wrap(Files.readAllBytes(torrent)));
    }

    @Test
    void a_download_is_told_to_scripts() throws Exception {
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            JsonNode json = get("--peer", seeder.address(), "--json").expectDone().json();

            assertThat(json.get("name").stringValue()).isEqualTo("one.bin");
            assertThat(json.get("infoHash").stringValue()).matches("[0-9a-f]{40}");
            assertThat(json.get("lengthBytes").longValue()).isEqualTo(CONTENT.length);
            assertThat(json.get("downloadedBytes").longValue()).isEqualTo(CONTENT.length);
            assertThat(json.get("uploadedBytes").longValue()).isZero();
            assertThat(json.get("wastedBytes").longValue()).isZero();
            assertThat(json.get("failedPieces").intValue()).isZero();
            assertThat(json.get("peers").intValue()).isOne();
            assertThat(json.get("seconds").doubleValue()).isPositive();
            assertThat(json.get("protectedBytes").toString())
                    .isEqualTo("{\"MSE_RC4\":%d}".formatted(CONTENT.length));
            assertThat(json.get("trackers").isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "off,     any,       OFF,     ANY,       PLAINTEXT",
        "off,     any,       ALLOW,   ANY,       PLAINTEXT",
        "off,     any,       PREFER,  RC4,       PLAINTEXT",
        "allow,   any,       OFF,     ANY,       PLAINTEXT",
        "allow,   any,       PREFER,  ANY,       PLAINTEXT",
        "allow,   any,       REQUIRE, RC4,       MSE_RC4",
        "allow,   any,       REQUIRE, PLAINTEXT, MSE_PLAINTEXT",
        "prefer,  any,       OFF,     ANY,       PLAINTEXT",
        "prefer,  any,       ALLOW,   ANY,       MSE_RC4",
        "prefer,  plaintext, ALLOW,   ANY,       MSE_PLAINTEXT",
        "prefer,  rc4,       PREFER,  RC4,       MSE_RC4",
        "require, rc4,       ALLOW,   ANY,       MSE_RC4",
        "require, any,       REQUIRE, ANY,       MSE_RC4",
        "require, plaintext, REQUIRE, PLAINTEXT, MSE_PLAINTEXT",
        "require, plaintext, PREFER,  ANY,       MSE_PLAINTEXT",
    })
    void who_can_talk_talks_as_agreed(
            String encryption, String cipher, Level level, Cipher theirs, String protection)
            throws Exception {
        try (var seeder = Seeder.of(torrent, CONTENT, level, theirs)) {
            JsonNode json =
                    get(
                                    "--peer",
                                    seeder.address(),
                                    "--encryption",
                                    encryption,
                                    "--cipher",
                                    cipher,
                                    "--json")
                            .expectDone()
                            .json();

            assertThat(json.get("protectedBytes").toString())
                    .isEqualTo("{\"%s\":%d}".formatted(protection, CONTENT.length));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "require, rc4,       OFF,     ANY,       --encryption prefer",
        "off,     any,       REQUIRE, RC4,       --encryption allow",
        "require, plaintext, REQUIRE, RC4,       --cipher any",
        "require, rc4,       REQUIRE, PLAINTEXT, --cipher any",
    })
    void who_cannot_talk_ends_and_says_why(
            String encryption, String cipher, Level level, Cipher theirs, String advice)
            throws Exception {
        try (var seeder = Seeder.of(torrent, CONTENT, level, theirs)) {
            get("--peer", seeder.address(), "--encryption", encryption, "--cipher", cipher)
                    .expectFailure("nobody to download from", seeder.address(), advice);
        }
        assertThat(target.resolve("one.bin")).doesNotExist();
    }

    @Test
    void a_peer_that_is_not_there_is_named() throws Exception {
        get("--peer", "127.0.0.1:1").expectFailure("127.0.0.1:1", "refused");
    }

    @Test
    void without_tracker_and_peer_there_is_nowhere_to_go() throws Exception {
        get().expectFailure("nowhere to download from", "--peer HOST:PORT");
    }

    @Test
    void what_is_verified_is_not_downloaded_again() throws Exception {
        Samples.write(target.resolve("one.bin"), Arrays.copyOf(CONTENT, 10 * Samples.PIECE + 100));
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            JsonNode json = get("--peer", seeder.address(), "--json").expectDone().json();

            assertThat(json.get("downloadedBytes").longValue())
                    .isEqualTo(CONTENT.length - 10 * Samples.PIECE);
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
    }

    @Test
    void a_corrupted_piece_alone_is_fetched_again() throws Exception {
        byte[] corrupted = CONTENT.clone();
        corrupted[3 * Samples.PIECE + 7] ^= 1;
        Samples.write(target.resolve("one.bin"), corrupted);
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            JsonNode json = get("--peer", seeder.address(), "--json").expectDone().json();

            assertThat(json.get("downloadedBytes").longValue()).isEqualTo(Samples.PIECE);
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
    }

    @Test
    void a_download_that_was_interrupted_goes_on_without_a_check() throws Exception {
        byte[] content = Samples.content(200 * Samples.PIECE);
        Files.write(torrent, Samples.file("one.bin", content));
        try (var seeder = Seeder.of(torrent, content)) {
            seeder.serveOnly(190); // some may wait in its buffers
            var first =
                    Program.start(
                            "get", torrent, "-o", target, "--port", 0, "--peer", seeder.address());
            awaitPieces(content, 20);
            first.interrupt();
            int there = pieces(content);
            seeder.serveOnly(1_000);

            var second = get("--peer", seeder.address(), "--json").expectDone();

            assertThat(second.err())
                    .contains("going on: ")
                    .contains(" of 3.1 MiB are there and right");
            assertThat(second.json().get("downloadedBytes").longValue())
                    .isEqualTo(content.length - (long) there * Samples.PIECE);
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(content);
    }

    @Test
    void a_broken_resume_file_is_told_and_the_data_is_checked() throws Exception {
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            get("--peer", seeder.address()).expectDone();
        }
        Files.writeString(resumeFile(), "no resume file");

        var again = get().expectDone();

        assertThat(again.err()).contains(".resume is not used, everything is checked");
        assertThat(again.out()).contains("already");
    }

    @Test
    void a_file_that_is_gone_is_told() throws Exception {
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            get("--peer", seeder.address()).expectDone();
            Files.delete(target.resolve("one.bin"));

            var again = get("--peer", seeder.address()).expectDone();

            assertThat(again.err()).contains("one.bin is gone: what it held is downloaded again");
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
    }

    private Path resumeFile() throws Exception {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith(".resume"))
                    .findAny()
                    .orElseThrow();
        }
    }

    private void awaitPieces(byte[] content, int count) throws Exception {
        long end = System.nanoTime() + Program.HANGS.toNanos();
        while (pieces(content) < count) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// How many pieces of `one.bin` are there and right.
    private int pieces(byte[] content) throws Exception {
        Path file = target.resolve("one.bin");
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        int count = 0;
        for (int at = 0; at + Samples.PIECE <= bytes.length; at += Samples.PIECE) {
            int end = at + Samples.PIECE;
            count += Arrays.equals(bytes, at, end, content, at, end) ? 1 : 0;
        }
        return count;
    }

    @Test
    void what_is_complete_needs_nobody() throws Exception {
        Samples.write(target.resolve("one.bin"), CONTENT);

        assertThat(get().expectDone().out()).contains("one.bin is complete in", "already");
        JsonNode json = get("--json").expectDone().json();
        assertThat(json.get("downloadedBytes").longValue()).isZero();
    }

    @Test
    void a_torrent_of_empty_files_alone_is_complete_at_once() throws Exception {
        var file =
                Dict.builder()
                        .put("length", 0)
                        .put("path", new Items(List.of(Text.of("leer.txt"))))
                        .build();
        Files.write(
                torrent,
                Samples.torrent(
                        Dict.builder()
                                .put("files", new Items(List.of(file)))
                                .put("name", "nichts")
                                .put("piece length", Samples.PIECE)
                                .put("pieces", new byte[0])));

        assertThat(Program.run("show", torrent).expectDone().out()).contains("0 pieces");
        get().expectDone();
        get("--json").expectDone();
        Program.run("check", torrent, target).expectDone();
        Program.run("check", torrent, target, "--json").expectDone();

        assertThat(target.resolve("nichts/leer.txt")).isEmptyFile();
        var seeding = Program.start("seed", torrent, target, "--port", 0);
        seeding.awaitOut("seeding nichts");
        seeding.interrupt();
    }

    @Test
    void hostile_paths_stay_inside_the_folder() throws Exception {
        List<List<String>> paths =
                List.of(
                        List.of("..", "..", "up.bin"),
                        List.of("/etc", "absolute.bin"),
                        List.of("/", "root.bin"),
                        List.of("..\\..\\win.bin"),
                        List.of("C:\\", "drive.bin"),
                        List.of("CON"),
                        List.of("con.txt"),
                        List.of("a"),
                        List.of("A"),
                        List.of("a", "below-a-file.bin"),
                        List.of("x".repeat(5_000)),
                        List.of("d".repeat(300), "e".repeat(5_000) + ".bin"),
                        List.of("\u001b]0;owned\u0007.bin"),
                        List.of("nul\u0000byte"),
                        List.of(".."),
                        List.of("end. "));
        Files.write(torrent, Samples.folder("../../evil", CONTENT, paths));
        target = dir.resolve("one/two/three");
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            get("--peer", seeder.address()).expectDone();
        }

        try (Stream<Path> walk = Files.walk(dir)) {
            List<Path> outside =
                    walk.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                            .filter(path -> !path.startsWith(target))
                            .toList();
            assertThat(outside).containsExactly(torrent);
        }
        try (Stream<Path> inside = Files.walk(target)) {
            assertThat(inside.filter(Files::isRegularFile))
                    .as("its files and the resume file")
                    .hasSize(paths.size() + 1);
        }
        Program.run("check", torrent, target).expectDone();
        var shown = Program.run("show", torrent).expectDone();
        assertThat(shown.out()).doesNotContain("\u001b", "\u0007", "\u0000");
    }

    @Test
    void a_link_that_leads_out_of_the_folder_is_refused() throws Exception {
        Files.write(torrent, Samples.folder("folder", CONTENT, List.of(List.of("sub", "one.bin"))));
        Files.createDirectories(target.resolve("folder"));
        Path outside = Files.createDirectories(dir.resolve("outside"));
        Files.createSymbolicLink(target.resolve("folder/sub"), outside);
        try (var seeder = Seeder.of(torrent, CONTENT)) {
            get("--peer", seeder.address()).expectFailure("symbolic link");
        }
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void a_target_that_is_a_file_is_named() throws Exception {
        target = Files.createFile(dir.resolve("file"));

        get("--peer", "127.0.0.1:1").expectFailure(target + ": not a folder");
    }

    @Test
    void seeding_goes_on_as_long_as_asked() throws Exception {
        Samples.write(target.resolve("one.bin"), CONTENT);

        var got = get("--seed-time", "1s").expectDone();

        assertThat(got.err()).contains("seeding on port");
        get("--seed-ratio", "0").expectDone();
        get("--seed-ratio", "-1").expectWrongUsage("--seed-ratio -1");
        get("--seed-ratio", "NaN").expectWrongUsage("--seed-ratio NaN");
        get("--seed-time", "soon").expectWrongUsage("--seed-time", "soon", "30m");
    }

    /// What is read behind the end of a file would be zeros, and here those would be right.
    @Test
    void a_file_that_was_cut_short_by_zeros_is_noticed_and_completed() throws Exception {
        byte[] content = Arrays.copyOf(Samples.content(10 * Samples.PIECE), 20 * Samples.PIECE);
        Files.write(torrent, Samples.file("one.bin", content));
        Samples.write(target.resolve("one.bin"), Arrays.copyOf(content, 15 * Samples.PIECE + 7));

        Program.run("check", torrent, target).expectFailure("5 pieces missing or wrong");
        try (var seeder = Seeder.of(torrent, content)) {
            JsonNode json = get("--peer", seeder.address(), "--json").expectDone().json();

            assertThat(json.get("downloadedBytes").longValue()).isEqualTo(5 * Samples.PIECE);
        }
        assertThat(target.resolve("one.bin")).hasBinaryContent(content);
    }

    @Test
    void a_file_that_is_too_long_is_told_and_left_as_it_is() throws Exception {
        byte[] longer = Arrays.copyOf(CONTENT, CONTENT.length + 100);
        Samples.write(target.resolve("one.bin"), longer);

        var checked = Program.run("check", torrent, target).expectDone();
        var got = get("--peer", "127.0.0.1:1").expectDone();

        String told = "one.bin is longer than the torrent says; the rest is left as it is";
        assertThat(checked.err()).contains(told);
        assertThat(got.err()).contains(told);
        assertThat(Program.run("check", torrent, target, "--json").json().get("longer").toString())
                .isEqualTo("[\"one.bin\"]");
        assertThat(target.resolve("one.bin")).hasBinaryContent(longer);
    }
}
