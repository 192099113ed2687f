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
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;

/// Carries one announce to a tracker over HTTP or HTTPS and back. Blocks; thread-safe. No exception
/// message holds the URL with its query, because that names the torrent.
public final class HttpTracker {

    /// Enough for every chain that makes sense, an end for those that do not.
    private static final int MAX_REDIRECTS = 5;

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
        URI uri = uri(TrackerUrl.withQuery(url, AnnounceQuery.encode(request, form)));
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<InputStream> response = send(uri, patience);
            try (InputStream body = response.body()) {
                if (response.statusCode() / 100 == 3) {
                    uri = redirected(uri, response, form);
                    continue;
                }
                return answer(response.statusCode(), body, request, form, reach(uri));
            }
        }
        throw new IOException("more than the %d redirects allowed".formatted(MAX_REDIRECTS));
    }

    private static URI uri(String text) throws IOException {
        try {
            URI uri = URI.create(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new IOException("the tracker's address is not a URL", notAnAddress);
        }
        throw new IOException("the tracker's address is not one of http or https");
    }

    private HttpResponse<InputStream> send(URI uri, Duration patience)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(patience)
                        .header("User-Agent", userAgent)
                        .GET()
                        .build();
        return http.send(request, BodyHandlers.ofInputStream());
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

    private static URI redirected(URI from, HttpResponse<?> response, AnnounceForm form)
            throws IOException {
        String location =
                response.headers()
                        .firstValue("Location")
                        .orElseThrow(() -> new IOException("a redirect that leads nowhere"));
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException notAnAddress) {
            throw new IOException("a redirect to what is not a URL", notAnAddress);
        }
        if (to.getRawQuery() == null) {
            to = from.resolve(location + "?" + from.getRawQuery());
        }
        if (form == AnnounceForm.OBFUSCATED
                && to.getRawQuery() != null
                && to.getRawQuery().contains("info_hash")) {
            throw new IOException("a redirect that would name the torrent");
        }
        if ("https".equals(from.getScheme()) && !"https".equals(to.getScheme())) {
            throw new IOException("a redirect from https to %s".formatted(to.getScheme()));
        }
        return uri(to.toString());
    }

    /// Trackers send their reasons with any status, so the body decides, if it is bencoded.
    private AnnounceAnswer answer(
            int status, InputStream stream, AnnounceRequest request, AnnounceForm form, Reach reach)
            throws IOException {
        byte[] body = stream.readNBytes(AnnounceAnswerReader.MAX_BODY_BYTES + 1);
        try {
            return AnnounceAnswerReader.read(ByteBuffer.wrap(body), request, form, reach);
        } catch (MalformedException malformed) {
            if (status != 200) {
                throw new IOException("HTTP status %d".formatted(status), malformed);
            }
            throw malformed;
        }
    }
}
