package dev.thistle.e2e.lan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.e2e.wire.Conversation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanTest {

    private static final Path NAMESPACES = Path.of("/run/netns");

    @Test
    void programs_on_two_hosts_talk_and_are_overheard(@TempDir Path home) throws Exception {
        Needs.network();
        Needs.success("python3", "/usr/bin/python3", "-c", "pass");
        byte[] word = "the quick brown fox".getBytes(StandardCharsets.US_ASCII);
        Files.write(home.resolve("word"), word);
        try (var lan = new Lan()) {
            Host server = lan.addHost("server");
            Host client = lan.addHost("client");
            Program web =
                    server.start(home, List.of("/usr/bin/python3", "-m", "http.server", "8000"));
            web.awaitListening(8000);
            Capture capture = server.capture("tcp port 8000", 1000);

            String fetch =
                    "import urllib.request as u; print(u.urlopen('http://%s/word').read())"
                            .formatted(server.at(8000));
            Program reader = client.start(home, List.of("/usr/bin/python3", "-c", fetch));
            reader.awaitSuccess(Duration.ofSeconds(20));

            assertThat(reader.output()).contains("the quick brown fox");
            List<Conversation> heard = capture.finish();
            assertThat(heard).hasSize(1);
            assertThat(heard.getFirst().sent().text()).startsWith("GET /word HTTP/1.1");
            assertThat(heard.getFirst().answered().contains(word)).isTrue();
            assertThat(heard.getFirst().caller().getAddress().getHostAddress())
                    .isEqualTo(client.address());
        }
    }

    @Test
    void closing_ends_programs_and_what_they_started_and_removes_namespaces(@TempDir Path home)
            throws Exception {
        Needs.network();
        Program program;
        List<String> namespaces;
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        List<ProcessHandle> started;
        try (var lan = new Lan()) {
            Host host = lan.addHost("host");
            program = host.start(home, List.of("sh", "-c", "sleep 60 & echo up; sleep 60"));
            Program running = program;
            running.await("start", Duration.ofSeconds(5), () -> running.output().contains("up"));
            started =
                    ProcessHandle.current()
                            .descendants()
                            .filter(process -> !before.contains(process))
                            .toList();
            namespaces = lan.namespaces();
            assertThat(started).hasSizeGreaterThanOrEqualTo(3);
            assertThat(namespaces).hasSize(2).allMatch(LanTest::exists);
        }
        assertThat(started).noneMatch(ProcessHandle::isAlive);
        assertThat(namespaces).noneMatch(LanTest::exists);
    }

    @Test
    void a_program_that_ends_too_early_is_shown_with_what_it_said(@TempDir Path home)
            throws IOException {
        Needs.network();
        try (var lan = new Lan()) {
            Host host = lan.addHost("host");
            Program program = host.start(home, List.of("sh", "-c", "echo no such thing; exit 3"));
            assertThatThrownBy(() -> program.awaitListening(80))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("host/sh ended with exit code 3");
            assertThatThrownBy(() -> program.awaitSuccess(Duration.ofSeconds(5)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("no such thing");
        }
    }

    private static boolean exists(String namespace) {
        return Files.exists(NAMESPACES.resolve(namespace));
    }
}
