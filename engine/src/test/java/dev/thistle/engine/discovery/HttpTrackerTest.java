package dev.thistle.engine.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.Reach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
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

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpTracker tracker = new HttpTracker(http, "Thistle/test");
    private TrackerStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = new TrackerStub();
    }

    @AfterEach
    void stop() {
        stub.close();
        http.shutdownNow();
        http.close();
    }

    private AnnounceAnswer announce(String url, AnnounceForm form) throws Exception {
        return tracker.announce(url, REQUEST, form, Duration.ofSeconds(10));
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
                                stub.url("/announce?key=secret"),
                                REQUEST,
                                AnnounceForm.CLEAR,
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
    void a_client_that_follows_redirects_by_itself_is_not_accepted() {
        try (var eager =
                HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build()) {
            assertThatThrownBy(() -> new HttpTracker(eager, "x"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_name_that_takes_for_ever_to_look_up_is_given_up_in_time() {
        var never = new CountDownLatch(1);
        var slow =
                new HttpTracker(
                        http,
                        "Thistle/test",
                        host -> {
                            try {
                                never.await();
                            } catch (InterruptedException stopped) {
                                throw new IOException("interrupted", stopped);
                            }
                            return InetAddress.getByName(host);
                        });

        assertThatThrownBy(() ->
                        slow.announce(
                                stub.url("/a"),
                                REQUEST,
                                AnnounceForm.CLEAR,
                                Duration.ofMillis(500)))
                .isInstanceOf(IOException.class)
                .hasMessage("no answer in time");
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
        assertThat(HttpTracker.reach(InetAddress.getByName(address))).isEqualTo(reach);
    }
}
