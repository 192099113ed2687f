package dev.thistle.net.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NamespaceTest {

    private static final Path CURRENT = Path.of("/proc/thread-self/ns/net");

    @BeforeAll
    static void needs_namespaces() {
        Lab.require();
    }

    @Test
    void work_runs_inside_and_its_caller_stays_outside() throws Exception {
        Path outside = current();
        try (var host = Namespace.create("host")) {
            Path inside = host.call(NamespaceTest::current);

            assertThat(inside).isNotEqualTo(outside);
            assertThat(host.call(NamespaceTest::current)).isEqualTo(inside);
            assertThat(Files.readSymbolicLink(host.path())).isEqualTo(inside);
            assertThat(current()).isEqualTo(outside);
        }
    }

    @Test
    void threads_of_the_factory_and_processes_are_inside() throws Exception {
        try (var host = Namespace.create("host")) {
            String inside = host.call(NamespaceTest::current).toString();
            var seen = new FutureTask<Path>(NamespaceTest::current);
            host.factory().newThread(seen).start();

            assertThat(seen.get()).hasToString(inside);
            assertThat(Lab.output(host, "readlink", "/proc/self/ns/net").strip()).isEqualTo(inside);
        }
    }

    @Test
    void a_failure_comes_back_as_it_was_thrown() throws Exception {
        try (var host = Namespace.create("host")) {
            var failure = new IOException("as it is");
            Namespace.Work<String, IOException> failing =
                    () -> {
                        throw failure;
                    };

            assertThatThrownBy(() -> host.call(failing)).isSameAs(failure);
        }
    }

    @Test
    void work_may_call_its_own_namespace_again() throws Exception {
        try (var host = Namespace.create("host")) {
            assertThat(host.<Path, IOException>call(() -> host.call(NamespaceTest::current)))
                    .isEqualTo(host.call(NamespaceTest::current));
        }
    }

    /// A carrier thread is started by whoever wakes a virtual thread, and starts where that is.
    @Test
    void the_owner_is_outside_when_it_wakes_its_caller() throws Exception {
        Path outside = current();
        try (var host = Namespace.create("host")) {
            for (int i = 0; i < 20; i++) {
                assertThat(host.call(NamespaceTest::current)).isNotEqualTo(outside);
                assertThat(Lab.task("netns-host").resolve("ns/net"))
                        .satisfies(at -> assertThat(Files.readSymbolicLink(at)).isEqualTo(outside));
            }
        }
    }

    @Test
    void a_thread_that_is_started_too_late_does_not_run() throws Exception {
        var host = Namespace.create("host");
        var ran = new AtomicBoolean();
        var trouble = new CompletableFuture<Throwable>();
        Thread late = host.factory().newThread(() -> ran.set(true));
        late.setUncaughtExceptionHandler((_, e) -> trouble.complete(e));
        host.close();
        late.start();

        assertThat(trouble.get()).hasMessage("network namespace 'host' is closed");
        assertThat(ran).isFalse();
    }

    @Test
    void a_closed_namespace_says_so_and_leaves_nothing() throws Exception {
        String before = devices();
        var host = Namespace.create("host");
        var other = Namespace.create("other");
        VethPair.lay(
                List.of(
                        new VethPair(
                                VethEnd.host(host, Lab.address("10.64.0.1")),
                                VethEnd.host(other, Lab.address("10.64.0.2")),
                                1500)));
        Path path = host.path();
        Path was = Files.readSymbolicLink(path);
        host.close();
        host.close();
        other.close();

        assertThatThrownBy(() -> host.call(NamespaceTest::current))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("network namespace 'host' is closed");
        assertThat(Files.isSymbolicLink(path) && Files.readSymbolicLink(path).equals(was))
                .isFalse();
        assertThat(devices()).isEqualTo(before);
        assertThat(Path.of("/run/netns/host")).doesNotExist();
    }

    private static String devices() throws IOException {
        return Files.readString(Path.of("/proc/self/net/dev")).replaceAll("[0-9 ]+", " ");
    }

    private static Path current() throws IOException {
        return Files.readSymbolicLink(CURRENT);
    }
}
