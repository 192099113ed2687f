package dev.thistle.lab.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Subnet;
import dev.thistle.net.Link;
import dev.thistle.net.LinkResetException;
import dev.thistle.net.Listener;
import dev.thistle.net.linux.Machine;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StarTest {

    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int PORT = 6881;

    private final Machine machine = Machine.look();

    @BeforeEach
    void needs_namespaces() {
        Needs.namespaces(machine);
    }

    @Test
    void everybody_reaches_everybody_through_the_box_and_nobody_without_it() throws Exception {
        try (Star star = star(3, 3)) {
            List<Host> hosts = new ArrayList<>(star.customers());
            hosts.addAll(star.outside());
            try (Passage _ = new Passage(star)) {
                for (Host from : hosts) {
                    for (Host to : hosts) {
                        if (from != to) {
                            ping(from, to);
                        }
                    }
                }
            }
            assertThatThrownBy(() ->
                            hosts.getFirst().network().connect(hosts.getLast().at(PORT), SHORT))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void ping(Host from, Host to) throws IOException {
        try (Listener listener = to.network().listen(to.at(PORT));
                Link call = from.network().connect(listener.address(), LONG);
                Link called = listener.accept()) {
            call.write(ByteBuffer.wrap(new byte[] {42}), LONG);
            ByteBuffer heard = ByteBuffer.allocate(1);
            assertThat(called.read(heard, LONG)).as("%s to %s", from, to).isEqualTo(1);
            assertThat(Address.of(called.remote().getAddress().getAddress()))
                    .isEqualTo(from.address());
        }
    }

    @Test
    void hosts_have_their_sides_addresses_and_ports_of_their_own() throws Exception {
        try (Star star = star(2, 1)) {
            assertThat(star.customers())
                    .allMatch(host -> Subnet.parse("10.64.0.0/16").contains(host.address()))
                    .extracting(Host::toString)
                    .containsExactly("customer-0 (10.64.0.1)", "customer-1 (10.64.0.2)");
            assertThat(star.outside())
                    .extracting(Host::toString)
                    .containsExactly("outside-0 (10.128.0.1)");
            assertThat(star.ports().values()).doesNotHaveDuplicates().hasSize(3);
        }
    }

    @Test
    void forty_hosts_are_built_in_good_time_and_leave_nothing() throws Exception {
        int threads = threads().size();
        long namespaces = namespaces();
        long start = System.nanoTime();
        try (Star star = star(25, 15)) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(star.ports()).hasSize(40);
            assertThat(namespaces()).isEqualTo(namespaces + 41);
            assertThat(took).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(namespaces()).isEqualTo(namespaces);
        assertThat(threads()).hasSizeLessThanOrEqualTo(threads);
    }

    /// That this process holds open, as it sees its own descriptors.
    private static long namespaces() throws IOException {
        Set<String> seen;
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            seen =
                    descriptors
                            .map(StarTest::target)
                            .filter(target -> target.startsWith("net:["))
                            .collect(Collectors.toSet());
        }
        seen.remove(target(Path.of("/proc/self/ns/net")));
        return seen.size();
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "gone";
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("netns-") || name.startsWith("in-"))
                .collect(Collectors.toSet());
    }

    @Test
    void http_calls_come_from_the_host_whatever_thread_makes_them() throws Exception {
        try (Star star = star(1, 1);
                Passage _ = new Passage(star)) {
            Host customer = star.customers().getFirst();
            Host outside = star.outside().getFirst();
            HttpServer server = outside.call(() -> HttpServer.create(outside.at(PORT), 0));
            server.createContext("/", StarTest::tellCaller);
            server.start();
            try {
                HttpClient client = customer.http(HttpClient.newBuilder());
                assertThat(caller(client, outside)).isEqualTo("10.64.0.1");
                var virtual = new FutureTask<>(() -> caller(client, outside));
                Thread.startVirtualThread(virtual);
                assertThat(virtual.get()).isEqualTo("10.64.0.1");
                HttpRequest request = HttpRequest.newBuilder(uri(outside)).build();
                assertThat(client.sendAsync(request, BodyHandlers.ofString()).get().body())
                        .isEqualTo("10.64.0.1");
            } finally {
                server.stop(0);
            }
        }
    }

    private static void tellCaller(HttpExchange exchange) throws IOException {
        byte[] caller =
                exchange.getRemoteAddress().getAddress().getHostAddress().getBytes(US_ASCII);
        exchange.getResponseHeaders().set("Connection", "close"); // so that each call dials
        exchange.sendResponseHeaders(200, caller.length);
        try (exchange) {
            exchange.getResponseBody().write(caller);
        }
    }

    private static String caller(HttpClient client, Host server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(server)).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private static URI uri(Host server) {
        return URI.create("http:/" + server.at(PORT));
    }

    @Test
    void a_client_in_the_wrong_place_calls_nobody() throws Exception {
        var stray =
                new Host(
                        "stray",
                        InetAddress.ofLiteral("10.64.0.1"),
                        Side.CUSTOMER,
                        new Place.Here());
        try (stray) {
            HttpClient client = stray.http(HttpClient.newBuilder());
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:1/")).build();
            assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                    .hasStackTraceContaining("Cannot assign requested address");
        }
    }

    @Test
    void a_kernel_that_answers_a_closed_port_counts_its_reset_and_no_other_kernel_does()
            throws Exception {
        try (Star star = star(1, 1);
                Passage _ = new Passage(star)) {
            Host customer = star.customers().getFirst();
            Host outside = star.outside().getFirst();
            assertThatThrownBy(() -> customer.network().connect(outside.at(PORT), LONG))
                    .isInstanceOf(ConnectException.class);

            assertThat(outside.counters().resetsSent()).isEqualTo(1);
            assertThat(customer.counters().resetsSent()).isZero();
        }
    }

    @Test
    void a_forged_reset_kills_and_no_kernel_has_sent_it() throws Exception {
        try (Star star = star(1, 1);
                Passage passage = new Passage(star)) {
            Host customer = star.customers().getFirst();
            Host outside = star.outside().getFirst();
            try (Listener listener = outside.network().listen(outside.at(PORT));
                    Link call = customer.network().connect(listener.address(), LONG);
                    Link called = listener.accept()) {
                passage.resetNext(outside);
                call.write(ByteBuffer.wrap(new byte[] {42}), LONG);

                assertThatThrownBy(
                                () -> {
                                    called.read(ByteBuffer.allocate(1), LONG);
                                    called.read(ByteBuffer.allocate(1), LONG);
                                })
                        .isInstanceOf(LinkResetException.class);
                assertThat(customer.counters().resetsSent()).isZero();
            }
        }
    }

    @Test
    void a_host_that_drops_resets_survives_a_forged_one_and_counts_it() throws Exception {
        Needs.nft(machine);
        try (Star star = star(1, 1);
                Passage passage = new Passage(star)) {
            Host customer = star.customers().getFirst();
            Host outside = star.outside().getFirst();
            ResetFilter filter = ResetFilter.install(outside);
            assertThat(filter.dropped()).isZero();
            try (Listener listener = outside.network().listen(outside.at(PORT));
                    Link call = customer.network().connect(listener.address(), LONG);
                    Link called = listener.accept()) {
                passage.resetNext(outside);
                ByteBuffer heard = ByteBuffer.allocate(3);
                for (int i = 0; i < 3; i++) {
                    call.write(ByteBuffer.wrap(new byte[] {42}), LONG);
                    assertThat(called.read(heard, LONG)).isEqualTo(1);
                }
            }
            assertThat(filter.dropped()).isEqualTo(1);
        }
    }

    @Test
    void a_machine_without_nft_is_told_what_to_install() {
        var bare = new Machine(new Machine.Namespaces.Allowed(), Set.of("ip"));
        assertThatThrownBy(() -> ResetFilter.check(bare))
                .isInstanceOf(IOException.class)
                .hasMessage("dropping resets needs the program nft: install the package nftables");
        var able = new Machine(new Machine.Namespaces.Allowed(), Set.of("ip", "nft"));
        assertThatCode(() -> ResetFilter.check(able)).doesNotThrowAnyException();
    }

    private static Star star(int customers, int outside) throws IOException {
        return Star.build(names("customer-", customers), names("outside-", outside), 1500);
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
