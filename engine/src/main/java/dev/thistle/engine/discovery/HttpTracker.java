package dev.thistle.engine.discovery;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceAnswerReader;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceQuery;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.Reach;
import dev.thistle.protocol.tracker.TrackerUrl;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Carries one announce to a tracker over HTTP or HTTPS and back. Blocks; thread-safe. No exception
/// message holds the URL with its query, because that names the torrent.
public final class HttpTracker {

    /// Enough for every chain that makes sense, an end for those that do not.
    private static final int MAX_REDIRECTS = 5;

    private static final int MAX_PORT = 0xFFFF;

    /// Looks a host's name up; may block for long.
    interface Names {
        InetAddress address(String host) throws IOException;
    }

    private final HttpClient http;
    private final String userAgent;
    private final Names names;

    /// Speaks through `http`.
    ///
    /// @param http must not follow redirects by itself
    public HttpTracker(HttpClient http, String userAgent) {
        this(http, userAgent, InetAddress::getByName);
    }

    HttpTracker(HttpClient http, String userAgent, Names names) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("an HTTP client that follows redirects");
        }
        this.http = http;
        this.userAgent = userAgent;
        this.names = names;
    }

    /// Announces, following redirects. A thread of its own does it, as neither looking up a name
    /// nor reading a body can be given an end otherwise.
    ///
    /// @param patience for the whole exchange
    /// @throws IOException if there is no answer, or none that can be read
    public AnnounceAnswer announce(
            String url, AnnounceRequest request, AnnounceForm form, Duration patience)
            throws IOException, InterruptedException {
        var exchange = new FutureTask<>(() -> exchange(url, request, form));
        Thread.ofVirtual().name("announce").start(exchange);
        try {
            return exchange.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no answer in time");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException reason) {
                throw reason;
            }
            throw new IllegalStateException(failed.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    private AnnounceAnswer exchange(String url, AnnounceRequest request, AnnounceForm form)
            throws IOException, InterruptedException {
        URI uri = uri(TrackerUrl.withQuery(url, AnnounceQuery.encode(request, form)));
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<byte[]> response = send(uri);
            if (response.statusCode() / 100 != 3) {
                return answer(response, request, form, reach(names.address(uri.getHost())));
            }
            uri = redirected(uri, response.headers().firstValue("Location"), form);
        }
        throw new IOException("more than the %d redirects allowed".formatted(MAX_REDIRECTS));
    }

    private static URI uri(String text) throws IOException {
        try {
            URI uri = URI.create(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getPort() <= MAX_PORT) {
                return uri;
            }
        } catch (IllegalArgumentException notAnAddress) { // its message has the query: not a cause
            throw new IOException("the tracker's address is not a URL");
        }
        throw new IOException("the tracker's address is not one of http or https");
    }

    private HttpResponse<byte[]> send(URI uri) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("User-Agent", userAgent).GET().build();
        try {
            return http.send(
                    request,
                    BodyHandlers.limiting(
                            BodyHandlers.ofByteArray(), AnnounceAnswerReader.MAX_BODY_BYTES));
        } catch (IOException failed) { // its message may have the address: not a cause
            throw new IOException(describe(failed));
        }
    }

    /// One line without the address. Several exceptions of the JDK's client have no message.
    private static String describe(IOException failed) {
        return switch (failed) {
            case ConnectException _ -> "cannot be reached";
            case IOException other when other.getMessage() != null -> other.getMessage();
            default -> "failed for an unknown reason";
        };
    }

    /// A tracker on this machine or in a private network knows peers that nobody outside could.
    static Reach reach(InetAddress tracker) {
        return tracker.isLoopbackAddress()
                        || tracker.isSiteLocalAddress()
                        || tracker.isLinkLocalAddress()
                        || isUniqueLocal(tracker)
                ? Reach.LAB
                : Reach.INTERNET;
    }

    /// What private addresses are in IPv6: fc00::/7 (RFC 4193).
    private static boolean isUniqueLocal(InetAddress address) {
        return address instanceof Inet6Address six && (six.getAddress()[0] & 0xFE) == 0xFC;
    }

    /// Where to go on. A redirect without a query of its own keeps ours.
    static URI redirected(URI from, Optional<String> location, AnnounceForm form)
            throws IOException {
        String where = location.orElseThrow(() -> new IOException("a redirect that leads nowhere"));
        URI to;
        try {
            to = from.resolve(where);
            if (to.getRawQuery() == null) {
                to = URI.create(TrackerUrl.withQuery(to.toString(), from.getRawQuery()));
            }
        } catch (IllegalArgumentException notAnAddress) { // its message may have the query
            throw new IOException("a redirect to what is not a URL");
        }
        // Decoded, since the letters of the name may be escaped.
        if (form == AnnounceForm.OBFUSCATED
                && String.valueOf(to.getQuery()).contains("info_hash")) {
            throw new IOException("a redirect that would name the torrent");
        }
        if ("https".equalsIgnoreCase(from.getScheme())
                && !"https".equalsIgnoreCase(to.getScheme())) {
            throw new IOException("a redirect from https to %s".formatted(to.getScheme()));
        }
        return uri(to.toString());
    }

    /// Trackers send their reasons with any status, so the body decides, if it is bencoded.
    private static AnnounceAnswer answer(
            HttpResponse<byte[]> response, AnnounceRequest request, AnnounceForm form, Reach reach)
            throws IOException {
        try {
            return AnnounceAnswerReader.read(
                    ByteBuffer.wrap(response.body()), request, form, reach);
        } catch (MalformedException malformed) {
            if (response.statusCode() != 200) {
                throw new IOException("HTTP status %d".formatted(response.statusCode()), malformed);
            }
            throw malformed;
        }
    }
}
