package dev.thistle.engine.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thistle.engine.discovery.AddressRule.Family;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.net.TcpNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.net.http.Names;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.Reach;
import dev.thistle.protocol.tracker.ScrapeExchange;
import dev.thistle.protocol.tracker.SwarmCounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HttpTrackerTest {

    private static final AnnounceRequest REQUEST =
            new AnnounceRequest(
                    InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
                    PeerId.random("-XX0100-", new Random(1)),
                    6881,
                    1,
                    2,
                    3,
                    AnnounceEvent.STARTED,
                    50,
                    7,
                    CryptoLevel.SUPPORTED,
                    null);

    private static final AddressRule ANY = new AddressRule(Family.EITHER, LocalTargets.ALLOWED);

    private final TcpNetwork network = new TcpNetwork();
    private final HttpTracker tracker = new HttpTracker(HttpCaller.over(network), "Thistle/test");
    private TrackerStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = new TrackerStub();
    }

    @AfterEach
    void stop() {
        stub.close();
        network.close();
    }

    private AnnounceAnswer announce(String url, AnnounceForm form) throws Exception {
        return tracker.announce(
                TrackerAddress.web(url), REQUEST, form, ANY, Duration.ofSeconds(10));
    }

    private AnnounceAnswer announce(AnnounceForm form) throws Exception {
        return announce(stub.url("/announce?key=secret"), form);
    }

    /// Neither the message nor those of its causes tell what was asked.
    private static void assertTellsNothing(Throwable failed) {
        for (Throwable link = failed; link != null; link = link.getCause()) {
            assertThat(String.valueOf(link.getMessage()))
                    .doesNotContain("secret", "info_hash", "sha_ih", "peer_id", "?");
        }
    }

    @Test
    void an_announce_is_answered() throws Exception {
        stub.reply(200, "d8:intervali900e5:peers6:\u0001\u0002\u0003\u0004\u001a\u00e1e");
        assertThat(announce(AnnounceForm.CLEAR))
                .isInstanceOfSatisfying(
                        AnnounceAnswer.Accepted.class,
                        answer -> {
                            assertThat(answer.interval()).isEqualTo(Duration.ofMinutes(15));
                            assertThat(answer.peers()).hasToString("[1.2.3.4:6881]");
                        });
        assertThat(stub.requests.take())
                .startsWith("/announce?key=secret&")
                .contains("info_hash=%AA%F4", "event=started", "left=3");
    }

    @Test
    void an_obfuscated_announce_never_names_the_torrent() throws Exception {
        announce(AnnounceForm.OBFUSCATED);
        assertThat(stub.requests.take()).contains("sha_ih=").doesNotContain("info_hash");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404, 500, 503})
    void a_refusal_counts_with_any_status(int status) throws Exception {
        stub.reply(status, "d14:failure reason9:not todaye");
        assertThat(announce(AnnounceForm.CLEAR))
                .isInstanceOfSatisfying(
                        AnnounceAnswer.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("not today"));
    }

    @Test
    void a_page_with_an_error_status_is_told_by_its_status() {
        stub.reply(502, "<html>Bad gateway</html>");
        assertThatThrownBy(() -> announce(AnnounceForm.CLEAR))
                .isInstanceOf(IOException.class)
                .hasMessage("HTTP status 502");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "d", "i5e", "d8:intervali1800e"})
    void a_body_that_is_no_answer_is_malformed(String body) {
        stub.reply(200, body);
        assertThatThrownBy(() -> announce(AnnounceForm.CLEAR))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void a_body_over_two_mebibytes_is_refused() {
        stub.behave(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[64 * 1024];
            for (int i = 0; i < 1024; i++) {
                exchange.getResponseBody().write(chunk); // fails once the client has hung up
            }
        });
        assertThatThrownBy(() -> announce(AnnounceForm.CLEAR)).isInstanceOf(IOException.class);
    }

    @Test
    void a_tracker_that_stops_in_the_middle_of_its_answer_is_given_up_in_time() throws Exception {
        var over = new CountDownLatch(1);
        stub.behave(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('d');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        Throwable failed =
                catchThrowable(() ->
                        tracker.announce(
                                URI.create(stub.url("/announce?key=secret")),
                                REQUEST,
                                AnnounceForm.CLEAR,
                                ANY,
                                Duration.ofMillis(300)));
        over.countDown();
        assertThat(failed).isInstanceOf(IOException.class).hasMessage("no answer in time");
        assertTellsNothing(failed);
    }

    @ParameterizedTest
    @EnumSource
    void redirects_are_followed_with_the_query(AnnounceForm form) throws Exception {
        stub.behave(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/announce")) {
                TrackerStub.redirect(exchange, "/elsewhere");
            } else {
                TrackerStub.reply(exchange, 200, "d5:peers0:e".getBytes(StandardCharsets.US_ASCII));
            }
        });
        assertThat(announce(form)).isInstanceOf(AnnounceAnswer.Accepted.class);
        String query = stub.requests.take().substring("/announce".length());
        assertThat(stub.requests.take()).isEqualTo("/elsewhere" + query);
    }

    @Test
    void five_redirects_are_followed_and_no_more() throws Exception {
        stub.behave(exchange -> TrackerStub.redirect(exchange, "/again"));
        Throwable failed = catchThrowable(() -> announce(AnnounceForm.CLEAR));
        assertThat(failed).hasMessage("more than the 5 redirects allowed");
        assertThat(stub.requests).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/announce?info_hash=x", "/a?x=1&info%5Fhash=y", "/a?%69nfo_hash=y"})
    void an_obfuscated_announce_is_not_redirected_to_where_the_torrent_is_named(String location)
            throws Exception {
        stub.behave(exchange -> TrackerStub.redirect(exchange, location));
        Throwable failed = catchThrowable(() -> announce(AnnounceForm.OBFUSCATED));
        assertThat(failed)
                .isInstanceOf(IOException.class)
                .hasMessage("a redirect that would name the torrent");
        assertThat(stub.requests).hasSize(1);
    }

    @Test
    void a_redirect_from_https_to_http_is_refused() throws Exception {
        for (String from : new String[] {"https://t/announce?x", "HTTPS://t/announce?x"}) {
            for (String to : new String[] {"http://t/announce", "HTTP://t/announce"}) {
                assertThatThrownBy(() ->
                                HttpTracker.redirected(
                                        URI.create(from), Optional.of(to), AnnounceForm.CLEAR))
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("a redirect from https");
            }
            URI there =
                    HttpTracker.redirected(
                            URI.create(from), Optional.of("/other"), AnnounceForm.CLEAR);
            assertThat(there.toString()).isEqualToIgnoringCase("https://t/other?x");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://127.0.0.1/a?key=secret",
                "file:///etc/passwd?key=secret",
                "http:///announce?key=secret",
                "http://bad host/announce?key=secret",
                "http://127.0.0.1:99999/announce?key=secret",
                "http://127.0.0.1:1/announce?key=secret",
                "http://127.0.0.1:0/announce?key=secret",
                "announce?key=secret",
                "?key=secret"
            })
    void trouble_is_an_exception_that_does_not_tell_the_query(String url) {
        Throwable failed = catchThrowable(() -> announce(url, AnnounceForm.CLEAR));
        assertThat(failed).isInstanceOf(IOException.class);
        assertTellsNothing(failed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://127.0.0.1/?secret",
                "http://bad host/?secret",
                "http://127.0.0.1:99999/?secret",
                "mailto:secret",
                "http://127.0.0.1:1/?secret"
            })
    void a_redirect_to_nonsense_is_an_exception_that_does_not_tell_the_query(String location) {
        stub.behave(exchange -> TrackerStub.redirect(exchange, location));
        Throwable failed = catchThrowable(() -> announce(AnnounceForm.CLEAR));
        assertThat(failed).isInstanceOf(IOException.class);
        assertTellsNothing(failed);
    }

    @Test
    void a_redirect_from_outside_into_a_private_network_is_refused() throws Exception {
        assertThat(redirectedTo("10.0.0.1"))
                .hasMessage("a redirect from outside into a private network");
    }

    /// Of its two addresses nobody answers at the one outside.
    @Test
    void nor_does_a_name_lead_there_that_has_an_address_outside_as_well() throws Exception {
        assertThat(redirectedTo("both.example"))
                .hasMessageContaining("192.0.2.3")
                .hasMessageNotContaining("10.0.0.1");
    }

    private static final Names BOTH =
            new Names(_ ->
                    List.of(InetAddress.ofLiteral("192.0.2.3"), InetAddress.ofLiteral("10.0.0.1")));

    /// What comes of an announce at a tracker outside that sends us on to `next`.
    private Throwable redirectedTo(String next) throws Exception {
        var internet = new MemoryNetwork(1);
        MemoryNetwork.Host outside = internet.host("192.0.2.1");
        var inside =
                new HttpTracker(
                        new HttpCaller(internet.host("192.0.2.2"), defaultTls(), BOTH),
                        "Thistle/test");
        try (Listener port = outside.listen(new InetSocketAddress("192.0.2.1", 80))) {
            Thread.startVirtualThread(() -> redirect(port, next));
            return catchThrowable(() ->
                    inside.announce(
                            URI.create("http://192.0.2.1/announce"),
                            REQUEST,
                            AnnounceForm.CLEAR,
                            ANY,
                            Duration.ofSeconds(10)));
        }
    }

    private static void redirect(Listener port, String next) {
        try (Link link = port.accept()) {
            link.read(ByteBuffer.allocate(4096), Duration.ofSeconds(10));
            String answer =
                    String.join(
                            "\r\n",
                            "HTTP/1.1 302 Found",
                            "Location: http://%s/announce".formatted(next),
                            "Content-Length: 0",
                            "",
                            "");
            link.write(
                    ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)),
                    Duration.ofSeconds(10));
        } catch (IOException over) {
            // the client hung up
        }
    }

    @Test
    void a_torrent_that_may_not_call_private_networks_does_not() throws Exception {
        var careful = new AddressRule(Family.EITHER, LocalTargets.REFUSED);
        assertThatThrownBy(() ->
                        tracker.announce(
                                URI.create(stub.url("/announce")),
                                REQUEST,
                                AnnounceForm.CLEAR,
                                careful,
                                Duration.ofSeconds(10)))
                .hasMessage("is in a private network, where this torrent may not call");
        assertThat(stub.requests).isEmpty();
        InetAddress both = InetAddress.ofLiteral("192.0.2.1");
        assertThat(careful.choose(List.of(InetAddress.ofLiteral("10.0.0.1"), both)))
                .containsExactly(both);
    }

    @Test
    void only_addresses_of_the_family_are_called() throws Exception {
        InetAddress four = InetAddress.ofLiteral("192.0.2.1");
        InetAddress six = InetAddress.ofLiteral("2001:db8::1");
        List<InetAddress> both = List.of(four, six);
        assertThat(new AddressRule(Family.IPV4, LocalTargets.ALLOWED).choose(both))
                .containsExactly(four);
        assertThat(new AddressRule(Family.IPV6, LocalTargets.ALLOWED).choose(both))
                .containsExactly(six);
        assertThat(ANY.choose(both)).isEqualTo(both);
        assertThatThrownBy(() ->
                        new AddressRule(Family.IPV6, LocalTargets.ALLOWED).choose(List.of(four)))
                .hasMessage("has no IPv6 address");
        assertThat(Family.of(Optional.of(new InetSocketAddress(0))))
                .containsExactly(Family.IPV4, Family.IPV6);
        assertThat(Family.of(Optional.of(new InetSocketAddress(six, 1))))
                .containsExactly(Family.IPV6);
        assertThat(Family.of(Optional.of(new InetSocketAddress(four, 1))))
                .containsExactly(Family.IPV4);
        assertThat(Family.of(Optional.empty())).containsExactly(Family.EITHER);
    }

    @Test
    void gzip_is_asked_for_and_understood() throws Exception {
        stub.behave(exchange -> {
            assertThat(exchange.getRequestHeaders().getFirst("Accept-Encoding")).isEqualTo("gzip");
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            try (var zip = new GZIPOutputStream(exchange.getResponseBody())) {
                zip.write("d5:peers0:e".getBytes(StandardCharsets.US_ASCII));
            }
        });
        assertThat(announce(AnnounceForm.CLEAR)).isInstanceOf(AnnounceAnswer.Accepted.class);
    }

    @Test
    void a_scrape_counts_the_swarm() throws Exception {
        stub.reply(
                200,
                "d5:filesd20:"
                        + new String(REQUEST.infoHash().bytes(), StandardCharsets.ISO_8859_1)
                        + "d8:completei5e10:incompletei6e10:downloadedi7eeee");
        var answer =
                tracker.scrape(
                        URI.create(stub.url("/announce?key=secret")),
                        List.of(REQUEST.infoHash()),
                        ANY,
                        Duration.ofSeconds(10));
        assertThat(answer)
                .contains(
                        new ScrapeExchange.Answer.Counts(
                                Map.of(REQUEST.infoHash(), new SwarmCounts(5, 6, 7, -1)),
                                Optional.empty()));
        assertThat(stub.requests.take()).startsWith("/scrape?key=secret&info_hash=%AA%F4");
        assertThat(
                        tracker.scrape(
                                URI.create(stub.url("/elsewhere")),
                                List.of(REQUEST.infoHash()),
                                ANY,
                                Duration.ofSeconds(10)))
                .as("a tracker that does not say where")
                .isEmpty();
    }

    @Test
    void a_name_that_takes_for_ever_to_look_up_is_given_up_in_time() {
        var never = new CountDownLatch(1);
        var names =
                new Names(_ -> {
                    try {
                        never.await();
                    } catch (InterruptedException givenUp) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of();
                });
        var slow = new HttpTracker(new HttpCaller(network, defaultTls(), names), "Thistle/test");
        assertThatThrownBy(() ->
                        slow.announce(
                                URI.create("http://slow.example/announce"),
                                REQUEST,
                                AnnounceForm.CLEAR,
                                ANY,
                                Duration.ofMillis(300)))
                .isInstanceOf(IOException.class)
                .hasMessage("no answer in time");
    }

    private static SSLContext defaultTls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException broken) {
            throw new AssertionError(broken);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,       LAB",
        "10.1.2.3,        LAB",
        "192.168.1.1,     LAB",
        "169.254.1.1,     LAB",
        "::1,             LAB",
        "fe80::1,         LAB",
        "fc00::1,         LAB",
        "fdff:1::1,       LAB",
        "fe00::1,         INTERNET",
        "fbff::1,         INTERNET",
        "2001:db8::1,     INTERNET",
        "192.0.2.1,       INTERNET",
        "172.32.0.1,      INTERNET",
    })
    void what_is_private_is_a_laboratory(String address, Reach reach) throws Exception {
        assertThat(AddressRule.reach(InetAddress.getByName(address))).isEqualTo(reach);
    }
}
