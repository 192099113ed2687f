package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackerCommandTest {

    private static final byte[] CONTENT = Samples.content(50_000);

    @TempDir Path dir;

    @Test
    void a_tracker_answers_announces_until_interrupted() throws Exception {
        var tracker = Program.start("tracker", "--http", "127.0.0.1:0", "--interval", "10m");
        String url = tracker.awaitOut("(http://127.0.0.1:\\d+/announce)").group(1);
        try (var http = HttpClient.newHttpClient()) {
            String query =
                    "?info_hash="
                            + "a".repeat(20)
                            + "&peer_id="
                            + "b".repeat(20)
                            + "&port=1&left=1";
            var answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(url + query)).build(),
                            BodyHandlers.ofString());
            assertThat(answer.body()).startsWith("d").contains("8:interval", "5:peers");
        }
        assertThat(tracker.interrupt().exit()).isEqualTo(130);
    }

    @Test
    void a_list_that_changes_is_read_again_and_a_wrong_one_is_not_taken() throws Exception {
        Path list = Files.writeString(dir.resolve("list.txt"), "62".repeat(20) + "\n");
        var tracker = Program.start("tracker", "--http", "127.0.0.1:0", "--allow", list);
        String url = tracker.awaitOut("(http://127.0.0.1:\\d+/announce)").group(1);
        assertThat(announce(url)).contains("failure reason");

        Files.writeString(list, "not a hash at all\n");
        tracker.awaitErr("list.txt, line 1.*; the list as it was stays in force");
        assertThat(announce(url)).contains("failure reason");
        Files.writeString(list, "61".repeat(20) + "\n" + "62".repeat(20) + "\n");
        tracker.awaitErr("list.txt has changed and was read again");

        assertThat(announce(url)).contains("8:interval");
        tracker.interrupt();
    }

    private static String announce(String url) throws Exception {
        String query =
                "?info_hash=%s&peer_id=%s&port=1&left=1".formatted("a".repeat(20), "b".repeat(20));
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url + query)).build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void a_swarm_meets_through_it_in_the_clear() throws Exception {
        var tracker = Program.start("tracker", "--http", "127.0.0.1:0");
        String url = tracker.awaitOut("(http://127.0.0.1:\\d+/announce)").group(1);
        Path file = Samples.write(dir.resolve("data/one.bin"), CONTENT);
        Path torrent = Samples.create(file, dir.resolve("x.torrent"), "--tracker", url);
        var seeding = Program.start("seed", torrent, dir.resolve("data"), "--port", 0);
        seeding.awaitOut("seeding one.bin");
        Path target = dir.resolve("target");

        var json =
                Program.run("get", torrent, "-o", target, "--port", 0, "--json")
                        .expectDone()
                        .json();

        assertThat(target.resolve("one.bin")).hasBinaryContent(CONTENT);
        assertThat(json.get("trackers").get(0).get("url").stringValue()).isEqualTo(url);
        assertThat(json.get("trackers").get(0).get("form").stringValue()).isEqualTo("CLEAR");
        assertThat(json.get("trackers").get(0).get("worked").booleanValue()).isTrue();
        seeding.interrupt();
        tracker.interrupt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "6969",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:65536",
                "::1:6969",
                ":1",
                "a b:1"
            })
    void a_wrong_address_is_wrong_usage(String address) throws Exception {
        Program.run("tracker", "--http", address)
                .expectWrongUsage("--http", "'" + address + "'", "allowed HOST:PORT");
    }

    @Test
    void an_address_that_cannot_be_had_is_said() throws Exception {
        Program.run("tracker", "--http", "nosuch.invalid:1").expectFailure("unknown host");
        Program.run("tracker", "--http", "192.0.2.1:6969").expectFailure("192.0.2.1:6969");
        try (var taken = new ServerSocket(0)) {
            Program.run("tracker", "--http", "127.0.0.1:" + taken.getLocalPort())
                    .expectFailure(":" + taken.getLocalPort(), "in use");
        }
    }

    @Test
    void a_wrong_list_is_named_with_its_line() throws Exception {
        Path list = dir.resolve("list.txt");
        Files.writeString(list, "# known\n" + "ab".repeat(20) + "\n\n" + "not a hash\n");

        Program.run("tracker", "--http", "127.0.0.1:0", "--allow", list)
                .expectFailure(list + ", line 4", "40 hex digits");
        Program.run("tracker", "--http", "127.0.0.1:0", "--deny", list)
                .expectFailure(list + ", line 4");
        Program.run("tracker", "--http", "127.0.0.1:0", "--deny", dir.resolve("none"))
                .expectFailure("none: no such file");
        Program.run("tracker", "--http", "127.0.0.1:0", "--allow", dir)
                .expectFailure(dir.toString());
    }

    @Test
    void wrong_options_are_wrong_usage() throws Exception {
        Program.run("tracker", "--allow", "a", "--deny", "b")
                .expectWrongUsage("--allow", "--deny", "only one");
        Program.run("tracker", "--interval", "13h").expectWrongUsage("--interval", "PT12H");
        Program.run("tracker", "--interval", "30").expectWrongUsage("--interval", "30m");
        Program.run("tracker", "--udp", "127.0.0.1:0").expectWrongUsage("--udp");
        Program.run("tracker", "--config", "x.toml").expectWrongUsage("--config");
    }
}
