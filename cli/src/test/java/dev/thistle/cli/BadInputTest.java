package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {

    private static final byte[] CONTENT = Samples.content(50_000);

    @TempDir Path dir;

    static Stream<Arguments> malformed() throws Exception {
        byte[] good = Samples.file("one.bin", CONTENT);
        return Stream.of(
                arguments("text", bytes("hello"), ""),
                arguments("HTML", bytes("<!DOCTYPE html><html></html>"), ""),
                arguments("zeros", new byte[1000], ""),
                arguments("a list", bytes("le"), "not a dictionary"),
                arguments("truncated", Arrays.copyOf(good, good.length - 30), ""),
                arguments("deep", bytes("l".repeat(1_000_000)), ""),
                arguments("deep info", bytes("d4:info" + "d1:a".repeat(500_000)), ""),
                arguments("huge text", bytes("99999999999:x"), ""),
                arguments("huge number", bytes("d4:infoi" + "9".repeat(100_000) + "ee"), ""),
                arguments("no info", bytes("d3:foo3:bare"), "info: missing"),
                arguments("info of another type", bytes("d4:infoi1ee"), "info"),
                arguments(
                        "v2 without files",
                        bytes("d4:infod12:meta versioni2e4:name1:x12:piece lengthi16384eee"),
                        "info.file tree: missing"),
                arguments("too few hashes", torrent(info().put("pieces", new byte[20])), "pieces"),
                arguments("odd hashes", torrent(info().put("pieces", new byte[61])), "pieces"),
                arguments(
                        "no name",
                        torrent(
                                Dict.builder()
                                        .put("length", 1)
                                        .put("piece length", 16384)
                                        .put("pieces", new byte[20])),
                        "name"),
                arguments("name of another type", torrent(info().put("name", 7)), "name"),
                arguments("negative length", torrent(info().put("length", -1)), "length"),
                arguments(
                        "zero piece length",
                        torrent(info().put("piece length", 0)),
                        "piece length"),
                arguments(
                        "huge piece length",
                        torrent(info().put("piece length", Long.MAX_VALUE)),
                        "piece length"),
                arguments("huge length", torrent(info().put("length", Long.MAX_VALUE)), "length"),
                arguments(
                        "files of another type",
                        torrent(info().put("files", Text.of("x"))),
                        "files"),
                arguments(
                        "controls in a key", bytes("d7:\u001b[31mred1:x7:\u001b[31mred1:xe"), ""));
    }

    private static Dict.Builder info() throws Exception {
        return Dict.builder()
                .put("length", CONTENT.length)
                .put("name", "one.bin")
                .put("piece length", Samples.PIECE)
                .put("pieces", Samples.hashes(CONTENT));
    }

    private static byte[] torrent(Dict.Builder info) {
        return Samples.torrent(info);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void a_malformed_torrent_is_one_clear_line(String name, byte[] bytes, String part)
            throws Exception {
        Path torrent = Files.write(dir.resolve("x.torrent"), bytes);
        Path target = dir.resolve("target");

        Program.run("show", torrent).expectFailure(torrent + ": ", part);
        Program.run("show", torrent, "--json").expectFailure(torrent + ": ");
        Program.run("check", torrent, dir).expectFailure(torrent + ": ");
        Program.run("get", torrent, "-o", target).expectFailure(torrent + ": ");
        Program.run("seed", torrent, dir).expectFailure(torrent + ": ");

        assertThat(target).as("written before the torrent was read").doesNotExist();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_mutated_torrent_is_shown_or_refused_and_never_a_bug(long seed) throws Exception {
        var random = new Random(seed);
        byte[] bytes = Samples.folder("x", CONTENT, List.of(List.of("a", "b"), List.of("c")));
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            bytes[random.nextInt(Math.min(bytes.length, 120))] = (byte) random.nextInt(256);
        }
        Path torrent = Files.write(dir.resolve("x.torrent"), bytes);

        for (String form : List.of("", "--json")) {
            var shown =
                    form.isEmpty()
                            ? Program.run("show", torrent)
                            : Program.run("show", torrent, form);
            if (shown.exit() == 0) {
                assertThat(shown.out()).doesNotContainPattern("[\\p{Cc}&&[^\\n]]");
            } else {
                shown.expectFailure(torrent.toString());
            }
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @Test
    void what_is_no_file_is_said() throws Exception {
        Program.run("show", dir).expectFailure("is a folder, allowed a .torrent file");
        Program.run("show", dir.resolve("none")).expectFailure("none: no such file");
        Program.run("show", "nul\u0000byte").expectFailure("cannot be a file name");
        Program.run("show", "/dev/zero").expectFailure("/dev/zero: larger than the 67108864 bytes");
        Program.run("show", "x".repeat(5_000)).expectFailure("xxx");
        Program.run("show", "").expectFailure("folder");
        Program.run("show", Files.createFile(dir.resolve("nil"))).expectFailure("nil is empty");
    }

    @Test
    void a_file_that_is_too_large_is_not_read_to_its_end() throws Exception {
        Path large = dir.resolve("large.torrent");
        try (var file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        Program.run("show", large).expectFailure("larger than the 67108864 bytes");
    }

    @Test
    void an_unreadable_file_is_said() throws Exception {
        Path torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));
        assertThat(torrent.toFile().setReadable(false)).isTrue();
        Assumptions.assumeFalse(Files.isReadable(torrent), "root reads everything");

        Program.run("show", torrent).expectFailure("x.torrent: access denied");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "magnet:",
                "magnet:?",
                "magnet:?xt=",
                "magnet:?xt=urn:btih:",
                "magnet:?xt=urn:btih:xyz",
                "magnet:?xt=urn:sha1:abc",
                "magnet:?dn=only%20a%20name",
                "magnet:?xt=urn:btmh:1220ab",
                "MAGNET:?xt=urn:btih:%zz%zz\u001b[2J",
            })
    void a_malformed_magnet_link_is_one_clear_line(String link) throws Exception {
        Program.run("show", link).expectFailure("magnet");
        Program.run("show", link, "--json").expectFailure("magnet");
    }

    @Test
    void an_endless_magnet_link_is_refused() throws Exception {
        Program.run("show", "magnet:?xt=urn:btih:" + "a".repeat(1_000_000)).expectFailure("magnet");
    }

    @Test
    void a_magnet_link_is_shown_without_what_a_terminal_obeys() throws Exception {
        String link =
                "magnet:?xt=urn:btih:%s&dn=a%%1b[31mred&tr=http%%3a%%2f%%2fa.example%%2fannounce&x.pe=192.0.2.1:7"
                        .formatted("ab".repeat(20));

        var shown = Program.run("show", link).expectDone();

        assertThat(shown.out())
                .contains(
                        "a\uFFFD[31mred",
                        "ab".repeat(20),
                        "http://a.example/announce",
                        "192.0.2.1:7")
                .doesNotContain("\u001b");
        var json = Program.run("show", link, "--json").expectDone().json();
        assertThat(json.get("infoHash").stringValue()).isEqualTo("ab".repeat(20));
        assertThat(json.get("infoHashV2").isNull()).isTrue();
        assertThat(json.get("peers").get(0).stringValue()).isEqualTo("192.0.2.1:7");
        Program.run("seed", link, dir).expectFailure("magnet link", ".torrent file");
    }

    @ParameterizedTest
    @CsvSource({
        "/html,      allowed",
        "/missing,   HTTP status 404",
        "/empty,     is empty",
        "/endless,   more than the 67108864 bytes",
        "/stalling,  nothing whole came within 3 s",
        "/circle,    more than the 5 redirects",
        "/elsewhere, a redirect to what is not a web address",
    })
    void an_address_without_a_torrent_is_one_clear_line(String path, String part) throws Exception {
        try (var server = new HostileServer()) {
            String url = server.url(path);
            Program.run("show", url).expectFailure(url, part);
            Program.run("get", url, "-o", dir.resolve("target")).expectFailure(url);
        }
        assertThat(dir.resolve("target")).doesNotExist();
    }

    @Test
    void an_address_that_answers_nothing_is_one_clear_line() throws Exception {
        try (var server = new HostileServer()) {
            Program.run("show", server.silentUrl()).expectFailure("nothing whole came within 3 s");
        }
        Program.run("show", "http://127.0.0.1:1/x.torrent")
                .expectFailure("http://127.0.0.1:1/x.torrent: cannot connect");
        Program.run("show", "http://nosuch.invalid/x.torrent").expectFailure("unknown host");
        Program.run("show", "http:// /").expectFailure("not a web address");
        Program.run("show", "http://").expectFailure("not a web address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999", ":1", "127.0.0.1:0", "::1:1"})
    void a_wrong_peer_is_wrong_usage(String peer) throws Exception {
        Path torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));

        Program.run("get", torrent, "-o", dir, "--peer", peer).expectWrongUsage("--peer", peer);
    }

    @Test
    void a_peer_that_nobody_knows_is_named() throws Exception {
        Path torrent = Files.write(dir.resolve("x.torrent"), Samples.file("one.bin", CONTENT));

        Program.run("get", torrent, "-o", dir, "--peer", "nosuch.invalid:1")
                .expectFailure("nosuch.invalid: unknown host");
    }
}
