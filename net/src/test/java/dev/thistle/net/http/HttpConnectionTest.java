package dev.thistle.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.net.Conditions;
import dev.thistle.net.MemoryNetwork;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private ScriptedServer server;
    private HttpConnection connection;

    @BeforeEach
    void cut_reads_at_random_places() {
        internet.conditions(Conditions.IDEAL.withSegmentation());
    }

    private HttpConnection serve(String... scripts) throws Exception {
        server =
                new ScriptedServer(
                        internet.host("10.0.0.1"), new InetSocketAddress("10.0.0.1", 8080), scripts);
        var address = caller.addresses(SOMEWHERE, LONG).getFirst();
        connection = caller.connect(SOMEWHERE, address, LONG);
        return connection;
    }

    @AfterEach
    void hang_up() {
        if (connection != null) {
            connection.close();
            server.close();
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
        serve("HTTP/1.1 204 Nothing\r\n\r\n").get("/a%20b?c=%D0&d", headers, LONG);
        assertThat(server.requests.take())
                .isEqualTo(
                        "GET /a%20b?c=%D0&d HTTP/1.1\r\nHost: 10.0.0.1:8080\r\n"
                                + "User-Agent: Thistle/test\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b\r\nX: y", "/\u00e4", "/\0"})
    void a_target_cannot_smuggle_in_a_line(String target) throws Exception {
        HttpConnection open = serve("");
        assertThatThrownBy(() -> open.get(target, Map.of(), LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
                "HTTP/1.1 200\r\ncontent-length:11\r\n\r\nhello world and more",
                "HTTP/1.0 200 OK\r\n\r\nhello world",
                "HTTP/1.1 200 OK\nContent-Length: 11\n\nhello world",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 3\r\n\r\n"
                        + "00B\r\nhello world\r\n000\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello world",
            })
    void a_body_is_as_long_as_the_head_says(String script) throws Exception {
        assertThat(body(script)).isEqualTo("hello world");
    }

    @Test
    void status_and_headers_can_be_asked_for_in_any_case() throws Exception {
        HttpAnswer answer = answer("HTTP/1.1 302 Found\r\nLOCATION:  /x \r\nContent-Length: 0\r\n\r\n");
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("location")).contains("/x");
        assertThat(answer.header("Retry-After")).isEmpty();
        assertThat(answer.isOver()).isTrue();
    }

    @Test
    void a_connection_carries_one_exchange_after_the_other() throws Exception {
        HttpConnection open =
                serve(
                        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n",
                        "HTTP/1.1 200 OK\r\n\r\nthree");
        String all = "";
        boolean goesOn = true;
        for (String target : new String[] {"/1", "/2", "/3"}) {
            assertThat(goesOn).isTrue();
            HttpAnswer answer = open.get(target, Map.of(), LONG);
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
        assertThat(answer(head.replace("|", "\r\n") + "\r\n\r\n").leavesTheConnectionOpen())
                .isEqualTo(open);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello world",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            })
    void a_body_that_ends_too_early_is_noticed(String script) throws Exception {
        HttpAnswer answer = answer(script);
        assertThatThrownBy(() -> answer.readAll(100, LONG)).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
            })
    void what_is_no_answer_is_refused(String script) {
        assertThatThrownBy(() -> body(script)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void heads_without_end_are_refused() {
        assertThatThrownBy(() -> answer("HTTP/1.1 200 OK\r\nX: " + "x".repeat(10_000)))
                .hasMessage("an answer with a line of more than 8192 bytes");
        hang_up();
        assertThatThrownBy(() -> answer("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(200)))
                .hasMessage("an answer with more than 100 lines in its head");
        hang_up();
        assertThatThrownBy(() -> answer("HTTP/1.1 103 Soon\r\n\r\n".repeat(20)))
                .hasMessage("more than 5 answers that put the answer off");
    }

    @Test
    void a_body_larger_than_allowed_is_refused() {
        assertThatThrownBy(() -> answer("HTTP/1.0 200 OK\r\n\r\n" + "x".repeat(5001)).readAll(5000, LONG))
                .hasMessage("an answer of more than the 5000 bytes allowed");
    }

    @Test
    void a_body_of_just_the_size_allowed_is_read() throws Exception {
        assertThat(answer("HTTP/1.0 200 OK\r\n\r\n" + "x".repeat(5000)).readAll(5000, LONG))
                .hasSize(5000);
    }

    @Test
    void gzip_is_undone_and_bounded() throws Exception {
        assertThat(answer(zipped(4000)).readAll(5000, LONG)).hasSize(4000);
        hang_up();
        assertThatThrownBy(() -> answer(zipped(1_000_000)).readAll(5000, LONG))
                .hasMessage("an answer of more than the 5000 bytes allowed");
    }

    private static String zipped(int bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(new byte[bytes]);
        }
        return "HTTP/1.1 200 OK\r\nContent-Encoding: GZip\r\nContent-Length: %d\r\n\r\n"
                        .formatted(out.size())
                + out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_server_that_falls_silent_is_given_up() throws Exception {
        server =
                new ScriptedServer(
                        internet.host("10.0.0.1"), new InetSocketAddress("10.0.0.1", 8080), "", "");
        connection =
                caller.connect(SOMEWHERE, caller.addresses(SOMEWHERE, LONG).getFirst(), LONG);
        assertThatThrownBy(() -> connection.get("/", Map.of(), Duration.ofMillis(50)))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void a_body_can_be_read_into_a_small_buffer() throws Exception {
        HttpAnswer answer = answer("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world");
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
