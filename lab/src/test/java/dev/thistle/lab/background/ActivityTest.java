package dev.thistle.lab.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Place;
import dev.thistle.lab.host.Side;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each customer with whom it talks to, over loopback.
@Timeout(30)
class ActivityTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final long FAST = 1_000_000_000;

    private final Certificate certificate = new Certificate(List.of(LOOPBACK));
    private final Host customer = new Host("customer", LOOPBACK, Side.CUSTOMER, new Place.Here());
    private final Host outside = new Host("outside", LOOPBACK, Side.OUTSIDE, new Place.Here());

    @AfterEach
    void nothing_is_left_behind() throws Exception {
        customer.close();
        outside.close();
        Until.passes(() -> assertThat(threads()).isEmpty());
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("here-.*|HTTP-Dispatcher|HttpClient-.*|tcp-sweeper"))
                .collect(Collectors.toSet());
    }

    @Test
    void a_browser_reads_pages_of_at_least_five_objects_and_a_document() throws Exception {
        try (var server = server(FAST);
                var browser =
                        new Browser(
                                customer,
                                List.of(at(server)),
                                certificate.client(),
                                OFTEN,
                                new SplittableRandom(1))) {
            Until.passes(() -> assertThat(browser.progress().objects()).isGreaterThan(100));
            assertThat(browser.progress().bytes()).isGreaterThan(6 * 200);
            assertThat(browser.progress().failures()).isZero();
        }
    }

    @Test
    void a_backup_uploads_file_after_file_and_the_server_gets_every_byte() throws Exception {
        try (var server = server(FAST)) {
            try (var backup =
                    new Backup(customer, at(server), certificate.client(), 300_000, FAST)) {
                Until.passes(() -> assertThat(server.progress().objects()).isGreaterThan(3));
                assertThat(backup.progress().failures()).isZero();
                assertThat(backup.progress().bytes())
                        .isGreaterThanOrEqualTo(server.progress().bytes());
            }
            assertThat(server.progress().bytes()).isGreaterThanOrEqualTo(3 * 300_000);
        }
    }

    @Test
    void an_upload_keeps_its_pace() throws Exception {
        long start = System.nanoTime();
        try (var server = server(FAST);
                var backup = // 0.5 MB at 4 Mbit/s are a second, less the slack of 0.2 s
                        new Backup(
                                customer, at(server), certificate.client(), 500_000, 4_000_000)) {
            Until.passes(() -> assertThat(backup.progress().objects()).isPositive());
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(750));
    }

    @Test
    void a_download_goes_as_fast_as_the_server_sends_and_stops_in_the_middle() throws Exception {
        long start = System.nanoTime();
        try (var server = server(8_000_000);
                var download =
                        new Download(customer, at(server), certificate.client(), 100 << 20)) {
            Until.passes(() -> assertThat(download.progress().bytes()).isGreaterThan(1_000_000));
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertThat(millis).isGreaterThan(750); // 1 MB at 1 MB/s, less the slack
            assertThat(download.progress().objects()).isZero();
        }
    }

    @Test
    void visitors_of_a_home_server_make_it_upload() throws Exception {
        try (var home = new ObjectServer(customer, 0, certificate.server(), FAST);
                var visitor =
                        new Visitor(
                                outside,
                                List.of(customer.at(home.port())),
                                certificate.client(),
                                OFTEN,
                                new SplittableRandom(1))) {
            Until.passes(() -> assertThat(visitor.progress().objects()).isGreaterThan(5));
            assertThat(home.progress().bytes()).isGreaterThan(5 * (1 << 16));
            assertThat(visitor.progress().failures()).isZero();
        }
    }

    @Test
    void a_resolver_is_answered_and_counts_silence_as_failure() throws Exception {
        InetSocketAddress gone;
        try (var names = new NameServer(outside, 0);
                var resolver =
                        new Resolver(
                                customer,
                                outside.at(names.port()),
                                OFTEN,
                                new SplittableRandom(1))) {
            Until.passes(() -> assertThat(resolver.progress().objects()).isGreaterThan(20));
            assertThat(resolver.progress().failures()).isZero();
            assertThat(names.progress().failures()).isZero();
            gone = outside.at(names.port());
        }
        try (var resolver = new Resolver(customer, gone, OFTEN, new SplittableRandom(1))) {
            Until.passes(() -> assertThat(resolver.progress().failures()).isPositive());
            assertThat(resolver.progress().objects()).isZero();
        }
    }

    @Test
    void a_server_that_is_gone_is_a_failure_now_and_then_and_no_busy_loop() throws Exception {
        InetSocketAddress gone;
        try (var server = server(FAST)) {
            gone = at(server);
        }
        long start = System.nanoTime();
        try (var download = new Download(customer, gone, certificate.client(), 1_000)) {
            Until.passes(() -> assertThat(download.progress().failures()).isGreaterThan(2));
        }
        // each but the last was followed by a pause of a quarter of a second
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    void a_server_refuses_what_is_no_object() throws Exception {
        try (var server = server(FAST)) {
            HttpClient client =
                    customer.http(HttpClient.newBuilder().sslContext(certificate.client()));
            for (String path :
                    List.of("/", "/-1", "/1e3", "/99999999999999999999", "/1073741825")) {
                URI uri = URI.create("https://127.0.0.1:" + server.port() + path);
                HttpRequest request = HttpRequest.newBuilder(uri).build();
                assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void another_certificate_is_not_trusted() throws Exception {
        var stranger = new Certificate(List.of(LOOPBACK));
        try (var server = new ObjectServer(outside, 0, stranger.server(), FAST)) {
            HttpClient client =
                    customer.http(HttpClient.newBuilder().sslContext(certificate.client()));
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/1"))
                            .build();
            assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    private ObjectServer server(long bitsPerSecond) throws Exception {
        return new ObjectServer(outside, 0, certificate.server(), bitsPerSecond);
    }

    private InetSocketAddress at(ObjectServer server) {
        return outside.at(server.port());
    }
}
