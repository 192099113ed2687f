package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.metainfo.FileAttribute;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CreateShowCheckTest {

    @TempDir Path dir;
    private Path torrent;

    @BeforeEach
    void name() {
        torrent = dir.resolve("x.torrent");
    }

    @Test
    void a_file_is_created_shown_and_checked() throws Exception {
        Path file = Samples.write(dir.resolve("data/one.bin"), Samples.content(40_000));

        var created = Program.run("create", file, "-o", torrent, "--piece-size", "16384");
        created.expectDone();
        JsonNode shown = Program.run("show", torrent, "--json").expectDone().json();

        assertThat(created.out())
                .contains(shown.get("infoHash").stringValue())
                .contains("39.1 KiB in 1 file, 3 pieces of 16.0 KiB");
        assertThat(shown.get("name").stringValue()).isEqualTo("one.bin");
        assertThat(shown.get("lengthBytes").longValue()).isEqualTo(40_000);
        assertThat(shown.get("pieces").intValue()).isEqualTo(3);
        assertThat(shown.get("pieceLengthBytes").intValue()).isEqualTo(16_384);
        assertThat(shown.get("isPrivate").booleanValue()).isFalse();
        assertThat(shown.get("files").get(0).get("path").stringValue()).isEqualTo("one.bin");
        var checked = Program.run("check", torrent, dir.resolve("data")).expectDone();
        assertThat(checked.out())
                .isEqualToIgnoringNewLines("one.bin: 3 of 3 pieces right (39.1 KiB of 39.1 KiB)");
    }

    @Test
    void every_field_is_shown_to_people_and_scripts() throws Exception {
        Path file = Samples.write(dir.resolve("one.bin"), Samples.content(20_000));
        Program.run(
                        "create",
                        file,
                        "-o",
                        torrent,
                        "--tracker",
                        "http://a.example/announce",
                        "--tracker",
                        "udp://b.example:6969",
                        "--obfuscated-tracker",
                        "https://c.example/announce",
                        "--web-seed",
                        "http://d.example/one.bin",
                        "--comment",
                        "a \u001b[31mred\u001b[0m comment",
                        "--private")
                .expectDone();

        var shown = Program.run("show", torrent, "--json").expectDone();
        JsonNode json = shown.json();
        var text = Program.run("show", torrent).expectDone();

        assertThat(json.get("trackers").toString())
                .isEqualTo("[[\"http://a.example/announce\"],[\"udp://b.example:6969\"]]");
        assertThat(json.get("obfuscatedTrackers").toString())
                .isEqualTo("[[\"https://c.example/announce\"]]");
        assertThat(json.get("webSeeds").toString()).isEqualTo("[\"http://d.example/one.bin\"]");
        assertThat(json.get("comment").stringValue()).isEqualTo("a \u001b[31mred\u001b[0m comment");
        assertThat(json.get("isPrivate").booleanValue()).isTrue();
        assertThat(json.get("createdBy").stringValue()).startsWith("Thistle ");
        assertThat(json.get("created").stringValue()).startsWith("20");
        assertThat(json.get("infoHash").stringValue()).matches("[0-9a-f]{40}");
        assertThat(text.out())
                .contains("info-hash  " + json.get("infoHash").stringValue())
                .contains("private", "trackers, tier 1", "trackers, tier 2", "http://a.example")
                .contains("obfuscated trackers (BEP 8), tier 1", "https://c.example/announce")
                .contains("web seed   http://d.example/one.bin", "created by Thistle")
                .contains("comment    a \uFFFD[31mred\uFFFD[0m comment")
                .doesNotContain("\u001b");
        assertThat(shown.out()).as("JSON on a terminal").doesNotContain("\u001b");
    }

    @Test
    void a_folder_keeps_its_order_its_empty_file_and_its_names_in_any_script() throws Exception {
        Path root = dir.resolve("data/Ferienbilder ☀");
        Samples.write(root.resolve("b/tief/日本.bin"), Samples.content(30_000));
        Samples.write(root.resolve("a.bin"), Samples.content(10_000));
        Samples.write(root.resolve("leer.txt"), new byte[0]);
        Files.createSymbolicLink(root.resolve("link"), root.resolve("a.bin"));

        Samples.create(root, torrent);
        JsonNode shown = Program.run("show", torrent, "--json").expectDone().json();

        assertThat(shown.get("name").stringValue()).isEqualTo("Ferienbilder ☀");
        assertThat(shown.get("files").findValuesAsString("path"))
                .containsExactly("a.bin", "b/tief/日本.bin", "leer.txt");
        Program.run("check", torrent, dir.resolve("data")).expectDone();
        assertThat(Program.run("show", torrent).expectDone().out()).contains("b/tief/日本.bin");
    }

    @Test
    void a_program_is_created_as_one_and_its_neighbours_are_not() throws Exception {
        Path root = dir.resolve("data");
        Path program = Samples.write(root.resolve("run"), Samples.content(100));
        Samples.write(root.resolve(".hidden"), Samples.content(10));
        Path lone = Samples.write(dir.resolve("lone"), Samples.content(10));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr--r--"));
        Files.setPosixFilePermissions(lone, PosixFilePermissions.fromString("rw-r-xr-x"));

        Samples.create(root, torrent);

        assertThat(attributes()).containsExactly(Set.of(), Set.of(FileAttribute.EXECUTABLE));
        Samples.create(lone, torrent);
        assertThat(attributes()).as("of the owner's bits").containsExactly(Set.of());
        Files.setPosixFilePermissions(lone, PosixFilePermissions.fromString("rwx------"));
        Samples.create(lone, torrent);
        assertThat(attributes()).containsExactly(Set.of(FileAttribute.EXECUTABLE));
    }

    private List<Set<FileAttribute>> attributes() throws Exception {
        return MetainfoReader.read(ByteBuffer.wrap(Files.readAllBytes(torrent))).files().stream()
                .map(FileEntry::attributes)
                .toList();
    }

    @Test
    void without_a_date_the_same_content_gives_the_same_bytes() throws Exception {
        Path root = dir.resolve("data");
        Samples.write(root.resolve("a.bin"), Samples.content(100_000));
        Samples.write(root.resolve("b.bin"), Samples.content(1));
        Path other = dir.resolve("y.torrent");

        Samples.create(root, torrent, "--no-date");
        Samples.create(root, other, "--no-date");

        assertThat(other).hasSameBinaryContentAs(torrent);
        assertThat(Program.run("show", torrent, "--json").json().get("created").isNull()).isTrue();
    }

    @Test
    void a_torrent_that_is_there_is_replaced_whole_and_that_is_said() throws Exception {
        Path data = Samples.write(dir.resolve("one.bin"), Samples.content(20_000));
        Files.writeString(torrent, "an older one");
        Path link = Files.createSymbolicLink(dir.resolve("link.torrent"), torrent);

        var first = Program.run("create", data, "-o", dir.resolve("new.torrent"), "--no-date");
        var second = Program.run("create", data, "-o", link, "--no-date").expectDone();

        assertThat(first.expectDone().err()).doesNotContain("replaced");
        assertThat(second.err()).contains("replaced the " + link + " that was there");
        assertThat(link).isSymbolicLink();
        assertThat(torrent).hasSameBinaryContentAs(dir.resolve("new.torrent"));
        try (var files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "one.bin", "new.torrent", "link.torrent", "x.torrent");
        }
    }

    @Test
    void a_torrent_written_into_its_own_folder_is_not_part_of_itself() throws Exception {
        Path root = dir.resolve("data");
        Samples.write(root.resolve("a.bin"), Samples.content(20_000));
        Path inside = root.resolve("data.torrent");

        Samples.create(root, inside, "--no-date");
        byte[] first = Files.readAllBytes(inside);
        Samples.create(root, inside, "--no-date");

        assertThat(inside).hasBinaryContent(first);
    }

    @Test
    void names_that_are_stored_otherwise_are_warned_of() throws Exception {
        Path root = dir.resolve("data");
        Samples.write(root.resolve("what?.bin"), Samples.content(20_000));

        var created = Program.run("create", root, "-o", torrent).expectDone();

        assertThat(created.err()).contains("data/what?.bin", "data/what_.bin", "rename");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-16384", "8192", "16385", "268435456", "abc", "99999999999"})
    void wrong_piece_sizes_are_wrong_usage(String size) throws Exception {
        Path file = Samples.write(dir.resolve("one.bin"), Samples.content(20_000));

        Program.run("create", file, "-o", torrent, "--piece-size", size)
                .expectWrongUsage("--piece-size", size);

        assertThat(torrent).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tracker.example",
                "http://",
                "gopher://a.example/",
                "http://a b/",
                "",
                "x:"
            })
    void wrong_tracker_addresses_are_wrong_usage(String url) throws Exception {
        Path file = Samples.write(dir.resolve("one.bin"), Samples.content(20_000));

        Program.run("create", file, "-o", torrent, "--tracker", url)
                .expectWrongUsage("--tracker '" + url + "'", "http://");
        Program.run("create", file, "-o", torrent, "--obfuscated-tracker", "udp://a.example:1")
                .expectWrongUsage("--obfuscated-tracker");
        Program.run("create", file, "-o", torrent, "--web-seed", url)
                .expectWrongUsage("--web-seed");

        assertThat(torrent).doesNotExist();
    }

    @Test
    void what_cannot_be_created_is_said() throws Exception {
        Path empty = Files.createDirectories(dir.resolve("empty/deeper"));
        Path file = Samples.write(dir.resolve("one.bin"), Samples.content(20_000));

        Program.run("create", empty, "-o", torrent).expectFailure("deeper", "no bytes");
        Program.run("create", dir.resolve("none"), "-o", torrent)
                .expectFailure("none: no such file or folder");
        Program.run("create", file, "-o", dir).expectFailure("is a folder");
        Program.run("create", file, "-o", dir.resolve("no/x.torrent"))
                .expectFailure("no such folder");
        Program.run("create", file, "-o", "/proc/x.torrent").expectFailure("/proc/x.torrent");
        Program.run("create", "/", "-o", torrent).expectFailure("no name");
        Program.run("create", file).expectWrongUsage("-o");
        Program.run("create").expectWrongUsage("PATH");
    }

    @Test
    void a_check_of_what_is_not_right_says_what_to_do() throws Exception {
        byte[] content = Samples.content(40_000);
        Path file = Samples.write(dir.resolve("data/one.bin"), content);
        Samples.create(file, torrent);
        content[20_000] ^= 1;
        Files.write(file, content);

        var checked = Program.run("check", torrent, dir.resolve("data"));
        checked.expectFailure("1 piece missing or wrong", "thistle get", torrent.toString());
        assertThat(checked.out()).contains("2 of 3 pieces right (23.1 KiB of 39.1 KiB)");
        JsonNode json = Program.run("check", torrent, dir.resolve("data"), "--json").json();
        assertThat(json.get("right").intValue()).isEqualTo(2);
        assertThat(json.get("rightBytes").longValue()).isEqualTo(40_000 - 16_384);
        Program.run("check", torrent, dir).expectFailure("3 pieces missing");
        Program.run("check", torrent, dir.resolve("none")).expectFailure("not a folder");
        Program.run("check", torrent, file).expectFailure("not a folder");
    }

    @Test
    void a_longer_list_of_files_is_cut_for_people_alone() throws Exception {
        for (int i = 0; i < 45; i++) {
            Samples.write(dir.resolve("data/%02d".formatted(i)), new byte[] {1});
        }
        Samples.create(dir.resolve("data"), torrent);

        assertThat(Program.run("show", torrent).out()).contains("and 5 more; --json lists");
        assertThat(Program.run("show", torrent, "--json").json().get("files").size()).isEqualTo(45);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v2", "hybrid"})
    void every_version_is_created_shown_and_checked(String version) throws Exception {
        Path root = dir.resolve("data/folder");
        Samples.write(root.resolve("a/in.bin"), Samples.content(50_000));
        Samples.write(root.resolve("a.bin"), Samples.content(20_000));
        Samples.write(root.resolve("empty"), new byte[0]);
        Samples.create(root, torrent, "--" + version);

        JsonNode shown = Program.run("show", torrent, "--json").expectDone().json();

        boolean hasV2 = !version.equals("v1");
        assertThat(shown.get("version").stringValue()).isEqualTo(version);
        assertThat(shown.get("lengthBytes").longValue()).isEqualTo(70_000);
        assertThat(shown.get("files").findValuesAsString("path"))
                .containsExactly("a/in.bin", "a.bin", "empty");
        assertThat(shown.get("infoHashV2").isNull()).isEqualTo(!hasV2);
        assertThat(shown.get("files").get(0).get("piecesRoot").isNull()).isEqualTo(!hasV2);
        String magnet = shown.get("magnet").stringValue();
        assertThat(magnet.contains("xt=urn:btmh:1220")).isEqualTo(hasV2);
        assertThat(magnet.contains("xt=urn:btih:")).isEqualTo(!version.equals("v2"));
        assertThat(Program.run("show", magnet, "--json").expectDone().json().get("name"))
                .isEqualTo(shown.get("name"));
        Program.run("check", torrent, dir.resolve("data")).expectDone();
        byte[] changed = Samples.content(20_000);
        changed[19_999] ^= 1;
        Files.write(root.resolve("a.bin"), changed);
        var wrong = Program.run("check", torrent, dir.resolve("data"), "--json");
        assertThat(wrong.json().get("pieces").intValue() - wrong.json().get("right").intValue())
                .isEqualTo(1);
    }

    @Test
    void one_version_may_be_asked_for() throws Exception {
        Path file = Samples.write(dir.resolve("one.bin"), Samples.content(5));

        assertThat(Program.run("create", file, "-o", torrent, "--v1", "--v2").exit()).isEqualTo(2);
        assertThat(torrent).doesNotExist();
    }
}
