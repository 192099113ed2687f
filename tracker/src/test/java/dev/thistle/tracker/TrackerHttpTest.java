package dev.thistle.tracker;

import static dev.thistle.tracker.RawHttp.body;
import static dev.thistle.tracker.RawHttp.exchange;
import static dev.thistle.tracker.RawHttp.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What real clients send, against the running server, byte by byte.
class TrackerHttpTest {

    private static final String HASH =
            "info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM";
    private static final String REST = "&peer_id=-TH0100-abcdefghijkl&port=6881&left=5";
    private static final String TARGET = "/announce?" + HASH + REST;

    private static Tracker tracker;

    @BeforeAll
    static void startTracker() throws IOException {
        var bind = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        tracker = Tracker.start(TrackerConfig.on(bind));
    }

    @AfterAll
    static void closeTracker() {
        tracker.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    plain                        | /announce?HASH&REST
                    under a passkey              | /0123456789abcdef/announce?HASH&REST
                    a script                     | /announce.php?HASH&REST
                    a second question mark       | /announce?passkey=12?HASH&REST
                    semicolons                   | /announce?HASH;peer_id=-TH0100-abcdefghijkl;port=6881;left=5
                    empty pairs                  | /announce?&&HASH&&&REST&&
                    a key without a value        | /announce?supportcrypto&HASH&REST&foo
                    lower-case escapes           | /announce?info_hash=%aa%f4%c6%1d%dc%c5%e8%a2%da%be%de%0f%3bH%2c%d9%ae%a9CM&REST
                    unescaped reserved           | /announce?info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F;H,%D9%AE%A9CM&REST
                    unescaped braces             | /announce?HASH&REST&x={}[]|^`<>
                    a plus in the peer id        | /announce?HASH&peer_id=-TH0100-abcdef++ijkl&port=6881&left=5
                    numwant of -1                | /announce?HASH&REST&numwant=-1
                    left of -1                   | /announce?HASH&peer_id=-TH0100-abcdefghijkl&port=6881&left=-1
                    left missing                 | /announce?HASH&peer_id=-TH0100-abcdefghijkl&port=6881
                    a huge left                  | /announce?HASH&peer_id=-TH0100-abcdefghijkl&port=6881&left=99999999999999999999999
                    an empty event               | /announce?HASH&REST&event=
                    an unknown event             | /announce?HASH&REST&event=dancing
                    an absolute target           | http://t/announce?HASH&REST
                    """)
    void queries_as_clients_send_them_are_accepted(String name, String target) {
        String real = target.replace("HASH", HASH).replace("&REST", REST);
        String answer = get(tracker.address(), real);

        assertThat(answer).as(name).startsWith("HTTP/1.1 200 ");
        assertThat(body(answer)).as(name).startsWith("d8:complete").contains("5:peers0:");
    }

    @Test
    void a_plus_in_a_hash_is_a_plus() {
        String plus = "info_hash=%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B%2B";
        get(tracker.address(), "/announce?" + plus + REST);

        assertThat(body(get(tracker.address(), "/scrape?info_hash=" + "+".repeat(20))))
                .startsWith("d5:filesd20:++++++++++++++++++++d8:completei0e");
    }

    @Test
    void http_1_0_without_host_is_answered_and_closed() {
        String answer = exchange(tracker.address(), "GET " + TARGET + " HTTP/1.0\r\n\r\n");

        assertThat(answer).contains(" 200 ");
        assertThat(body(answer)).contains("5:peers");
    }

    @Test
    void http_1_0_with_keep_alive_serves_two_requests_on_one_connection() {
        String one = "GET " + TARGET + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        String last = "GET " + TARGET + " HTTP/1.0\r\n\r\n";

        assertThat(exchange(tracker.address(), one + last).split("5:peers", -1)).hasSize(3);
    }

    @Test
    void http_1_1_keeps_a_connection_until_it_is_told_to_close() {
        String keep = "GET " + TARGET + " HTTP/1.1\r\nHost: t\r\n\r\n";
        String last = "GET " + TARGET + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";

        assertThat(exchange(tracker.address(), keep + keep + last).split("5:peers", -1)).hasSize(4);
    }

    @Test
    void head_gets_the_headers_alone() {
        String answer =
                exchange(
                        tracker.address(),
                        "HEAD " + TARGET + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("Content-Length: ");
        assertThat(body(answer)).isEmpty();
    }

    /// As aria2 1.36 announces, which wishes for a digest of the answer and copes without one.
    @Test
    void who_wishes_for_a_digest_is_answered_without() {
        String answer =
                exchange(
                        tracker.address(),
                        "GET "
                                + TARGET
                                + " HTTP/1.1\r\nUser-Agent: aria2/1.36.0\r\nAccept: */*\r\n"
                                + "Host: t\r\n"
                                + "Connection: close\r\n"
                                + "Want-Digest: SHA-512;q=1, SHA-256;q=1, SHA;q=0.1\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContainIgnoringCase("\nDigest:");
        assertThat(body(answer)).startsWith("d8:complete").contains("5:peers");
    }

    @Test
    void forty_headers_are_not_too_many() {
        var request = new StringBuilder("GET " + TARGET + " HTTP/1.1\r\nHost: t\r\n");
        for (int k = 0; k < 40; k++) {
            request.append("X-Cdn-%d: value\r\n".formatted(k));
        }
        request.append("Connection: close\r\n\r\n");

        assertThat(body(exchange(tracker.address(), request.toString()))).contains("5:peers");
    }

    @Test
    void a_scrape_of_a_hundred_torrents_fits() {
        String query = HASH + ("&" + HASH).repeat(99);
        get(tracker.address(), TARGET);

        assertThat(body(get(tracker.address(), "/scrape?" + query)))
                .startsWith("d5:filesd20:")
                .contains("10:incompletei1e", "5:flagsd20:min_request_intervali900e");
    }

    @Test
    void a_space_in_the_target_is_refused_in_a_bencoded_line() {
        String answer = get(tracker.address(), "/announce ?" + HASH + REST);

        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("<html", "\tat ");
        assertThat(body(answer)).startsWith("d14:failure reason").contains("bad request");
    }

    @Test
    void unescaped_bytes_above_0x7f_are_refused_with_a_clear_reason() {
        String answer = get(tracker.address(), "/announce?info_hash=\u00aa\u00f4" + REST);

        assertThat(body(answer))
                .contains("info_hash: unescaped bytes above 0x7f, allowed only percent-encoded");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /announce                                  | info_hash: missing
                    /announce?info_hash=abc                    | info_hash: 3 bytes, allowed 20
                    /announce?sha_ih=abc                       | sha_ih: 3 bytes, allowed 20
                    /announce?HASH&sha_ih=aaaaaaaaaaaaaaaaaaaa | sha_ih: stands beside info_hash
                    /announce?HASH                             | peer_id: missing
                    /announce?sha_ih=aaaaaaaaaaaaaaaaaaaa&REST | unregistered torrent
                    /scrape                                    | full scrape is not offered
                    /scrape?info_hash=abc                      | info_hash: 3 bytes, allowed 20
                    """)
    void mistakes_are_answered_with_200_and_one_bencoded_line(String target, String reason) {
        String real = target.replace("HASH", HASH).replace("&REST", REST);
        String answer = get(tracker.address(), real);

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(body(answer)).startsWith("d14:failure reason").contains(reason);
        assertThat(body(answer)).doesNotContain("\n", "Exception");
    }

    @Test
    void other_paths_and_methods_are_refused_in_a_bencoded_line() {
        assertThat(get(tracker.address(), "/"))
                .startsWith("HTTP/1.1 404 ")
                .contains("d14:failure reason26:only /announce and /scrapee");
        assertThat(
                        exchange(
                                tracker.address(),
                                "POST /announce HTTP/1.0\r\nContent-Length: 0\r\n\r\n"))
                .contains(" 405 ")
                .contains("d14:failure reason8:only GETe");
    }

    static LongStream seeds() {
        return LongStream.range(0, 150);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mutated_requests_never_get_html_or_a_stack_trace(long seed) {
        var random = new Random(seed);
        var target = new StringBuilder(TARGET);
        for (int k = 0; k < 5; k++) {
            target.setCharAt(
                    1 + random.nextInt(target.length() - 1), (char) random.nextInt(0x21, 0x100));
        }
        String answer = get(tracker.address(), target.toString());

        assertThat(answer).doesNotContain("<html", "\tat ", "Exception", "HTTP/1.1 500");
    }
}
