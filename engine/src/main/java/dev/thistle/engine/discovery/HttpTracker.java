package dev.thistle.engine.discovery;

import dev.thistle.net.LocalAddresses;
import dev.thistle.net.http.Countdown;
import dev.thistle.net.http.HttpAnswer;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.net.http.HttpConnection;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceAnswerReader;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceQuery;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.ScrapeExchange;
import dev.thistle.protocol.tracker.TrackerUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Carries one announce or scrape to a tracker over HTTP or HTTPS and back. Blocks; thread-safe. No
/// exception message holds the URL with its query, because that names the torrent.
final class HttpTracker {

    /// Enough for every chain that makes sense, an end for those that do not.
    private static final int MAX_REDIRECTS = 5;

    private final HttpCaller http;
    private final Map<String, String> headers;

    HttpTracker(HttpCaller http, String userAgent) {
        this.http = http;
        headers = Map.of("User-Agent", userAgent, "Accept-Encoding", "gzip", "Connection", "close");
    }

    /// An answer, and who gave it.
    private record Page(int status, ByteBuffer body, InetAddress from) {}

    /// Announces, following redirects.
    ///
    /// @param patience for the whole exchange
    /// @throws IOException if there is no answer, or none that can be read
    AnnounceAnswer announce(
            URI tracker,
            AnnounceRequest request,
            AnnounceForm form,
            AddressRule rule,
            Duration patience)
            throws IOException, InterruptedException {
        String query = AnnounceQuery.encode(request, form);
        Page page = get(withQuery(tracker.toString(), query), form, rule, patience);
        try {
            return AnnounceAnswerReader.read(
                    page.body, request, form, AddressRule.reach(page.from));
        } catch (MalformedException malformed) {
            throw unlessStatus(page, malformed);
        }
    }

    /// Asks how big the swarms of `torrents` are, in the clear.
    ///
    /// @param tracker where to announce
    /// @param torrents 1 to [dev.thistle.protocol.tracker.ReceivedScrape#MAX_TORRENTS]
    /// @return nothing if this tracker cannot be asked
    Optional<ScrapeExchange.Answer> scrape(
            URI tracker, List<InfoHash> torrents, AddressRule rule, Duration patience)
            throws IOException, InterruptedException {
        Optional<String> url = TrackerUrl.scrape(tracker.toString());
        if (url.isEmpty()) {
            return Optional.empty();
        }
        String query = ScrapeExchange.query(torrents, AnnounceForm.CLEAR);
        Page page = get(withQuery(url.get(), query), AnnounceForm.CLEAR, rule, patience);
        try {
            return Optional.of(ScrapeExchange.read(page.body, torrents, AnnounceForm.CLEAR));
        } catch (MalformedException malformed) {
            throw unlessStatus(page, malformed);
        }
    }

    /// Trackers send their reasons with any status, so the body decides, if it is bencoded.
    private static IOException unlessStatus(Page page, MalformedException malformed) {
        return page.status == 200
                ? malformed
                : new IOException("HTTP status %d".formatted(page.status), malformed);
    }

    private static URI withQuery(String url, String query) throws IOException {
        return TrackerAddress.web(TrackerUrl.withQuery(url, query));
    }

    private Page get(URI first, AnnounceForm form, AddressRule rule, Duration patience)
            throws IOException, InterruptedException {
        Countdown countdown = Countdown.of(patience);
        try {
            URI uri = first;
            boolean fromOutside = false;
            for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
                List<InetAddress> addresses = rule.choose(http.addresses(uri, countdown.left()));
                if (fromOutside) {
                    addresses = LocalAddresses.without(addresses);
                }
                if (addresses.isEmpty()) {
                    throw new IOException("a redirect from outside into a private network");
                }
                fromOutside = !LocalAddresses.without(addresses).isEmpty();
                try (HttpConnection connection = http.connect(uri, addresses, countdown.left())) {
                    HttpAnswer answer = connection.get(target(uri), headers, countdown.left());
                    if (answer.status() / 100 != 3) {
                        byte[] body =
                                answer.readAll(
                                        AnnounceAnswerReader.MAX_BODY_BYTES, countdown.left());
                        InetAddress from = connection.remote().getAddress();
                        return new Page(answer.status(), ByteBuffer.wrap(body), from);
                    }
                    uri = redirected(uri, answer.header("Location"), form);
                }
            }
            throw new IOException("more than the %d redirects allowed".formatted(MAX_REDIRECTS));
        } catch (SocketTimeoutException late) {
            throw new SocketTimeoutException("no answer in time");
        } catch (IOException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw failed;
        }
    }

    private static String target(URI uri) {
        String path = uri.getRawPath();
        String query = uri.getRawQuery();
        return (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
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
        if (HttpCaller.isSecure(from) && !HttpCaller.isSecure(to)) {
            throw new IOException("a redirect from https to %s".formatted(to.getScheme()));
        }
        return TrackerAddress.web(to.toString());
    }
}
