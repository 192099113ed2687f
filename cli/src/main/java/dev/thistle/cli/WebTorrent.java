package dev.thistle.cli;

import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.net.LocalAddresses;
import dev.thistle.net.http.HttpAnswer;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.net.http.HttpConnection;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fetches a torrent from a web address. Where the user sends us we go, also to this machine and to
/// private networks; where a server sends us we do not go there from outside, nor from https to
/// what is not. What is called is the address that was judged.
final class WebTorrent {

    private static final int MAX_REDIRECTS = 5;

    private final HttpCaller http;

    WebTorrent(HttpCaller http) {
        this.http = http;
    }

    /// @param patience for everything together
    /// @return the body, perhaps empty
    /// @throws IOException that names the address and the reason
    byte[] fetch(String address, Duration patience) throws IOException, InterruptedException {
        URI uri = uri(address);
        var body = new FutureTask<byte[]>(() -> follow(uri, patience));
        Thread.ofVirtual().name("fetch").start(body);
        try {
            return body.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw tooSlow(address, patience);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof SocketTimeoutException) {
                throw tooSlow(address, patience);
            }
            if (failed.getCause() instanceof IOException reason) {
                throw new IOException(
                        "%s: %s".formatted(address, Failure.describe(reason)), reason);
            }
            throw new IllegalStateException(failed.getCause());
        } finally {
            body.cancel(true);
        }
    }

    private static IOException tooSlow(String address, Duration patience) {
        return new IOException(
                "%s: nothing whole came within %d s".formatted(address, patience.toSeconds()));
    }

    private static URI uri(String address) throws IOException {
        try {
            URI uri = URI.create(address);
            if (HttpCaller.canCall(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // told below
        }
        throw new IOException("%s: not a web address".formatted(address));
    }

    private byte[] follow(URI first, Duration patience) throws IOException, InterruptedException {
        URI uri = first;
        boolean fromOutside = false;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            List<InetAddress> addresses = http.addresses(uri, patience);
            if (fromOutside) {
                addresses = LocalAddresses.without(addresses);
            }
            if (addresses.isEmpty()) {
                throw new IOException("a redirect from outside into a private network");
            }
            fromOutside = !LocalAddresses.without(addresses).isEmpty();
            try (HttpConnection connection = http.connect(uri, addresses, patience)) {
                HttpAnswer answer =
                        connection.get(
                                target(uri),
                                Map.of("User-Agent", SessionSettings.USER_AGENT),
                                patience);
                if (answer.status() == 200) {
                    return answer.readAll(MetainfoReader.MAX_FILE_BYTES, patience);
                }
                if (answer.status() / 100 != 3) {
                    throw new IOException("HTTP status %d, allowed 200".formatted(answer.status()));
                }
                uri = redirected(uri, answer.header("Location"));
            }
        }
        throw new IOException("more than the %d redirects allowed".formatted(MAX_REDIRECTS));
    }

    private static String target(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static URI redirected(URI from, Optional<String> location) throws IOException {
        URI to;
        try {
            to = from.resolve(location.orElse(""));
        } catch (IllegalArgumentException notAnAddress) {
            throw new IOException("a redirect to what is not a web address", notAnAddress);
        }
        if (location.isEmpty() || !HttpCaller.canCall(to)) {
            throw new IOException("a redirect to what is not a web address");
        }
        if (HttpCaller.isSecure(from) && !HttpCaller.isSecure(to)) {
            throw new IOException("a redirect from https to %s".formatted(to.getScheme()));
        }
        return to;
    }
}
