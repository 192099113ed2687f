package dev.thistle.net.http;

import dev.thistle.net.Link;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// A conversation with one web server: a request, its answer read to the end, and then perhaps the
/// next request. Used by one thread at a time; [#close] by any.
public final class HttpConnection implements Closeable {

    private final Link link;
    private final String host;
    private final HttpInput input;

    /// @param host as the server knows itself, with the port if that is not the usual one
    HttpConnection(Link link, String host) {
        this.link = link;
        this.host = host;
        this.input = new HttpInput(link);
    }

    /// Who is at the other end.
    public InetSocketAddress remote() {
        return link.remote();
    }

    /// Asks for `target` and waits for the head of the answer. The answer to the request before
    /// must have been read, see [HttpAnswer#isOver].
    ///
    /// @param target path and query, escaped
    /// @param headers beside `Host`
    /// @param patience for writing the request and for reading the head
    /// @throws IOException if no answer comes, or one that breaks the rules of HTTP; messages do
    ///   not quote the target
    public HttpAnswer get(String target, Map<String, String> headers, Duration patience)
            throws IOException {
        Countdown countdown = Countdown.of(patience);
        var request = new StringBuilder(512);
        request.append("GET ").append(asciiOnly(target)).append(" HTTP/1.1\r\n");
        request.append("Host: ").append(asciiOnly(host)).append("\r\n");
        headers.forEach((name, value) ->
                request.append(asciiOnly(name))
                        .append(": ")
                        .append(asciiOnly(value))
                        .append("\r\n"));
        byte[] bytes = request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        link.write(ByteBuffer.wrap(bytes), countdown.left());
        return HttpAnswer.read(input, countdown);
    }

    /// What could begin another line would be another request.
    private static String asciiOnly(String part) {
        boolean fine = part.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        if (!fine) {
            throw new IllegalArgumentException("a request with characters that it cannot have");
        }
        return part;
    }

    /// Hangs up, and wakes whoever reads. Never throws.
    @Override
    public void close() {
        link.close();
    }
}
