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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Carries one announce to a tracker over HTTP or HTTPS and back. Blocks; thread-safe. No exception
/// message holds the URL with its query, because that names the torrent.
public final class HttpTracker {

    /// Enough for every chain that makes sense, an end for those that do not.
    private static final int MAX_REDIRECTS = 5;

    private static final int MAX_PORT = 0xFFFF;

    private final HttpClient http;
    private final String userAgent;

    /// Speaks through `http`.
    ///
    /// @param http must not follow redirects by itself
    public HttpTracker(HttpClient http, String userAgent) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("an HTTP client that follows redirects");
        }
        this.http = http;
        this.userAgent = userAgent;
    }

    /// Announces, following redirects.
    ///
    /// @param patience for the whole exchange
    /// @throws IOException if there is no answer, or none that can be read
    public AnnounceAnswer announce(
            String url, AnnounceRequest request, AnnounceForm form, Duration patience)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        URI uri = uri(TrackerUrl.withQuery(url, AnnounceQuery.encode(request, form)));
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<byte[]> response = send(uri, end);
            if (response.statusCode() / 100 != 3) {
                return answer(response, request, form, reach(uri));
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

    /// Waits for the whole body: the time-out of a request ends with its headers.
    private HttpResponse<byte[]> send(URI uri, long endNanos)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("User-Agent", userAgent).GET().build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(
                        request,
                        BodyHandlers.limiting(
                                BodyHandlers.ofByteArray(), AnnounceAnswerReader.MAX_BODY_BYTES));
        try {
            return exchange.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no answer in time");
        } catch (ExecutionException failed) {
            throw new IOException(describe(failed.getCause()));
        } finally {
            exchange.cancel(true);
        }
    }

    /// One line without the address. Several exceptions of the JDK's client have no message.
    private static String describe(@Nullable Throwable failed) {
        return switch (failed) {
            case ConnectException _ -> "cannot be reached";
            case IOException other when other.getMessage() != null -> other.getMessage();
            case null, default -> "failed for an unknown reason";
        };
    }

    /// A tracker on this machine or in a private network knows peers that nobody outside could.
    private static Reach reach(URI tracker) throws IOException {
        InetAddress address = InetAddress.getByName(tracker.getHost());
        return address.isLoopbackAddress()
                        || address.isSiteLocalAddress()
                        || address.isLinkLocalAddress()
                ? Reach.LAB
                : Reach.INTERNET;
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
