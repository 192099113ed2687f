package dev.thistle.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.net.Conditions;
import dev.thistle.net.MemoryNetwork;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpConnectionTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final URI SOMEWHERE = URI.create("http://10.0.0.1:8080/");

    private final MemoryNetwork internet = new MemoryNetwork(1);
    private final MemoryNetwork.Host here = internet.host("10.0.0.2");
    private final HttpCaller caller = HttpCaller.over(here);
    private final Deque<Closeable> open = new ArrayDeque<>();

    @BeforeEach
    void cut_reads_at_random_places() {
        internet.conditions(Conditions.IDEAL.withSegmentation());
    }

    private HttpConnection connect(ScriptedServer server) throws Exception {
        open.push(server);
        var address = caller.addresses(SOMEWHERE, LONG).getFirst();
        var connection = caller.connect(SOMEWHERE, address, LONG);
        open.push(connection);
        return connection;
    }

    /// @param scripts in which `|` ends a line
    private ScriptedServer server(String... scripts) throws Exception {
        String[] lines = Stream.of(scripts).map(HttpConnectionTest::lines).toArray(String[]::new);
        return new ScriptedServer(
                internet.host("10.0.0.1"), new InetSocketAddress("10.0.0.1", 8080), lines);
    }

    private static String lines(String script) {
        return script.replace("|", "\r\n");
    }

    private HttpConnection serve(String... scripts) throws Exception {
        return connect(server(scripts));
    }

    @AfterEach
    void hang_up() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private String body(String script) throws Exception {
        return new String(answer(script).readAll(100_000, LONG), StandardCharsets.ISO_8859_1);
    }

    private HttpAnswer answer(String script) throws Exception {
        return serve(script).get("/", Map.of(), LONG);
    }

    @Test
    void a_request_is_a_line_the_host_and_the_headers() throws Exception {
        var headers = new LinkedHashMap<String, String>();
        headers.put("User-Agent", "Thistle/test");
        headers.put("Connection", "close");
        ScriptedServer server = server("HTTP/1.1 204 Nothing||");
        connect(server).get("/a%20b?c=%D0&d", headers, LONG);
        assertThat(server.requests.take())
                .isEqualTo(
                        lines(
                                "GET /a%20b?c=%D0&d HTTP/1.1|Host: 10.0.0.1:8080|"
                                        + "User-Agent: Thistle/test|Connection: close||"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b\r\nX: y", "/\u00e4", "/\0"})
    void a_target_cannot_smuggle_in_a_line(String target) throws Exception {
        HttpConnection connection = serve("");
        assertThatThrownBy(() -> connection.get(target, Map.of(), LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 11||hello world",
                "HTTP/1.1 200|content-length:11||hello world and more",
                "HTTP/1.0 200 OK||hello world",
                "HTTP/1.1 200 OK\nContent-Length: 11\n\nhello world",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hello|6;x=y| world|0|Trailer: x||",
                "HTTP/1.1 200 OK|Transfer-Encoding: Chunked|Content-Length: 3||00B|hello world|0||",
                "HTTP/1.1 100 Continue||HTTP/1.1 200 OK|Connection: close||hello world",
            })
    void a_body_is_as_long_as_the_head_says(String script) throws Exception {
        assertThat(body(script)).isEqualTo("hello world");
    }

    @Test
    void status_and_headers_can_be_asked_for_in_any_case() throws Exception {
        HttpAnswer answer = answer("HTTP/1.1 302 Found|LOCATION:  /x |Content-Length: 0||");
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("location")).contains("/x");
        assertThat(answer.header("Retry-After")).isEmpty();
        assertThat(answer.isOver()).isTrue();
    }

    @Test
    void a_connection_carries_one_exchange_after_the_other() throws Exception {
        HttpConnection connection =
                serve(
                        "HTTP/1.1 200 OK|Content-Length: 3||one",
                        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|two|0||",
                        "HTTP/1.1 200 OK||three");
        String all = "";
        boolean goesOn = true;
        for (String target : new String[] {"/1", "/2", "/3"}) {
            assertThat(goesOn).isTrue();
            HttpAnswer answer = connection.get(target, Map.of(), LONG);
            all += new String(answer.readAll(10, LONG), StandardCharsets.ISO_8859_1);
            assertThat(answer.isOver()).isTrue();
            goesOn = answer.leavesTheConnectionOpen();
        }
        assertThat(all).isEqualTo("onetwothree");
        assertThat(goesOn).as("a body without a length ends with the connection").isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK|Connection: close|Content-Length: 0, false",
        "HTTP/1.0 200 OK|Content-Length: 0, false",
        "HTTP/1.1 200 OK|Content-Length: 0, true",
    })
    void whether_the_connection_goes_on_is_for_the_server_to_say(String head, boolean open)
            throws Exception {
        assertThat(answer(head + "||").leavesTheConnectionOpen()).isEqualTo(open);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK|Content-Length: 12||hello world",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|hel",
            })
    void a_body_that_ends_too_early_is_noticed(String script) throws Exception {
        HttpAnswer answer = answer(script);
        assertThatThrownBy(() -> answer.readAll(100, LONG)).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH|",
                "HTTP/2 200 OK||",
                "HTTP/1.1 20 OK||",
                "HTTP/1.1 200 OK|Content-Length: 5",
                "HTTP/1.1 200 OK|Content-Length: -5||hello",
                "HTTP/1.1 200 OK|Content-Length: 9999999999999999999||hello",
                "HTTP/1.1 200 OK|Content-Length: 5|Content-Length: 6||hello",
                "HTTP/1.1 200 OK|Transfer-Encoding: gzip, chunked||hello",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||x|hello",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||ffffffffffffffff|hello",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||3|hello|0||",
            })
    void what_is_no_answer_is_refused(String script) {
        assertThatThrownBy(() -> body(script)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void heads_without_end_are_refused() throws Exception {
        assertThatThrownBy(() -> answer("HTTP/1.1 200 OK|X: " + "x".repeat(10_000)))
                .hasMessage("an answer with a line of more than 8192 bytes");
        hang_up();
        assertThatThrownBy(() -> answer("HTTP/1.1 200 OK|" + "X: y|".repeat(200)))
                .hasMessage("an answer with more than 100 lines in its head");
        hang_up();
        assertThatThrownBy(() -> answer("HTTP/1.1 103 Soon||".repeat(20)))
                .hasMessage("more than 5 answers that put the answer off");
    }

    @Test
    void a_body_larger_than_allowed_is_refused() {
        assertThatThrownBy(() -> answer("HTTP/1.0 200 OK||" + "x".repeat(5001)).readAll(5000, LONG))
                .hasMessage("an answer of more than the 5000 bytes allowed");
    }

    @Test
    void a_body_of_just_the_size_allowed_is_read() throws Exception {
        assertThat(answer("HTTP/1.0 200 OK||" + "x".repeat(5000)).readAll(5000, LONG))
                .hasSize(5000);
    }

    @Test
    void gzip_is_undone_and_bounded() throws Exception {
        assertThat(connect(zipped(4000)).get("/", Map.of(), LONG).readAll(5000, LONG))
                .hasSize(4000);
        hang_up();
        assertThatThrownBy(() ->
                        connect(zipped(1_000_000)).get("/", Map.of(), LONG).readAll(5000, LONG))
                .hasMessage("an answer of more than the 5000 bytes allowed");
    }

    private ScriptedServer zipped(int bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(new byte[bytes]);
        }
        String head =
                lines("HTTP/1.1 200 OK|Content-Encoding: GZip|Content-Length: %d||")
                        .formatted(out.size());
        return new ScriptedServer(
                internet.host("10.0.0.1"),
                new InetSocketAddress("10.0.0.1", 8080),
                head + out.toString(StandardCharsets.ISO_8859_1));
    }

    @Test
    void a_server_that_falls_silent_is_given_up() throws Exception {
        HttpConnection connection = serve("", "");
        assertThatThrownBy(() -> connection.get("/", Map.of(), Duration.ofMillis(50)))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void a_body_can_be_read_into_a_small_buffer() throws Exception {
        HttpAnswer answer = answer("HTTP/1.1 200 OK|Content-Length: 11||hello world");
        ByteBuffer small = ByteBuffer.allocate(3);
        var all = new StringBuilder();
        while (answer.read(small.clear(), LONG) >= 0) {
            all.append(StandardCharsets.US_ASCII.decode(small.flip()));
        }
        assertThat(all).hasToString("hello world");
    }

    @ParameterizedTest
    @CsvSource({
        "http://host, true",
        "HTTPS://host:443/x, true",
        "http://[::1]:80/x, true",
        "ftp://host, false",
        "http:///x, false",
        "mailto:me, false",
        "http://host:0/, false",
        "http://host:65536/, false",
        "x, false",
    })
    void what_can_be_called(String uri, boolean can) {
        assertThat(HttpCaller.canCall(URI.create(uri))).isEqualTo(can);
    }
}
