package dev.thistle.engine.webseeds;

import dev.thistle.engine.discovery.AddressRule;
import dev.thistle.engine.discovery.AddressRule.Family;
import dev.thistle.engine.limits.Toll;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.engine.webseeds.Trouble.Remedy;
import dev.thistle.net.LocalAddresses;
import dev.thistle.net.http.HttpAnswer;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.net.http.HttpConnection;
import dev.thistle.protocol.metainfo.FileEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Asks one web seed for stretches of files, on a connection that is kept as long as the server
/// likes. Owned by the web seed's thread; [#close] is anybody's.
///
/// The rules against torrents that would use us to knock at doors inside: what is called is the
/// address that was judged, nobody outside redirects us inside, nothing secure is redirected to
/// what is not, and no query goes to a private network.
final class RangeRequests {

    private static final int MAX_REDIRECTS = 5;

    /// Redirected files whose new place is remembered.
    private static final int MAX_MOVED = 1_000;

    /// From a server that sends whole files only, so much is read in vain to come to the stretch.
    private static final long MAX_SKIPPED_BYTES = 16 << 20;

    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

    private final HttpCaller http;
    private final String userAgent;
    private final AddressRule rule;
    private final Duration patience;
    private final Function<InetAddress, Toll> tolls;
    private final Map<URI, URI> moved = new HashMap<>();
    private volatile @Nullable HttpConnection connection;
    private String origin = "";
    private Toll toll = Toll.FREE;

    /// @param tolls what a connection to an address pays
    RangeRequests(
            HttpCaller http,
            String userAgent,
            LocalTargets local,
            Duration patience,
            Function<InetAddress, Toll> tolls) {
        this.http = http;
        this.userAgent = userAgent;
        this.rule = new AddressRule(Family.EITHER, local);
        this.patience = patience;
        this.tolls = tolls;
    }

    /// Takes bytes as they come, and may leave some in the buffer that it gives.
    interface Sink {
        /// Room for the next bytes; never full.
        ByteBuffer room();

        /// Bytes were put there.
        void took() throws IOException;
    }

    /// Fetches `lengthBytes` of `file` from `from` on.
    ///
    /// @throws Trouble if the server does not give them
    /// @throws IOException if it cannot be spoken to, or breaks off
    void fetch(URI place, FileEntry file, long from, int lengthBytes, Sink sink)
            throws IOException, InterruptedException {
        HttpAnswer answer = open(place, file, from, lengthBytes);
        if (answer.status() == 200) {
            skip(answer, from);
        }
        long left = lengthBytes;
        while (left > 0) {
            ByteBuffer room = sink.room();
            int limit = room.limit();
            room.limit((int) Math.min(limit, room.position() + left));
            int count;
            try {
                count = answer.read(room, patience);
            } finally {
                room.limit(limit);
            }
            if (count < 0) {
                throw new IOException("the server sent less than it was asked for");
            }
            left -= count;
            sink.took();
            pay(count);
        }
        if (answer.status() == 200 || !isAtItsEnd(answer)) {
            close();
        }
    }

    /// What came is paid for before more is read: the server feels it by its TCP window.
    private void pay(int bytes) throws InterruptedException {
        if (!toll.isFree()) {
            toll.pay(bytes);
            for (long left = toll.nanosLeft(); left > 0; left = toll.nanosLeft()) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        }
    }

    /// Chunked bodies have an end mark behind their last byte.
    private boolean isAtItsEnd(HttpAnswer answer) throws IOException {
        boolean over = answer.isOver() || answer.read(ByteBuffer.allocate(1), patience) < 0;
        return over && answer.leavesTheConnectionOpen();
    }

    private void skip(HttpAnswer answer, long bytes) throws IOException, InterruptedException {
        ByteBuffer vain = ByteBuffer.allocate(64 * 1024);
        for (long left = bytes; left > 0; left -= vain.position()) {
            vain.clear().limit((int) Math.min(left, vain.capacity()));
            int count = answer.read(vain, patience);
            if (count < 0) {
                throw new IOException("the server sent less than it was asked for");
            }
            pay(count);
        }
    }

    private HttpAnswer open(URI place, FileEntry file, long from, int lengthBytes)
            throws IOException, InterruptedException {
        String range = "bytes=%d-%d".formatted(from, from + lengthBytes - 1);
        URI uri = moved.getOrDefault(place, place);
        boolean fromOutside = false;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            List<InetAddress> addresses = judged(uri, fromOutside);
            fromOutside = !LocalAddresses.without(addresses).isEmpty();
            HttpAnswer answer = ask(uri, addresses, range);
            if (answer.status() / 100 != 3 || answer.status() == 304) {
                judge(answer, file, from, lengthBytes);
                if (!uri.equals(place) && moved.size() < MAX_MOVED) {
                    moved.put(place, uri);
                }
                return answer;
            }
            close();
            uri = redirected(uri, answer.header("Location"));
        }
        throw new Trouble(
                "more than the %d redirects allowed".formatted(MAX_REDIRECTS), new Remedy.Never());
    }

    private List<InetAddress> judged(URI uri, boolean fromOutside)
            throws IOException, InterruptedException {
        if (!HttpCaller.canCall(uri)) {
            throw new Trouble("its address is not one of http or https", new Remedy.Never());
        }
        List<InetAddress> all = rule.choose(http.addresses(uri, patience));
        boolean hasQuery = uri.getRawQuery() != null;
        List<InetAddress> allowed = fromOutside || hasQuery ? LocalAddresses.without(all) : all;
        if (allowed.isEmpty()) {
            throw new Trouble(
                    fromOutside
                            ? "a redirect from outside into a private network"
                            : "a query to a private network",
                    new Remedy.Never());
        }
        return allowed;
    }

    private static URI redirected(URI from, Optional<String> location) throws IOException {
        try {
            URI to = from.resolve(location.orElseThrow(IllegalArgumentException::new));
            if (HttpCaller.isSecure(from) && !HttpCaller.isSecure(to)) {
                throw new Trouble(
                        "a redirect from https to %s".formatted(to.getScheme()),
                        new Remedy.Never());
            }
            return URI.create(to.toASCIIString());
        } catch (IllegalArgumentException nowhere) {
            throw new Trouble("a redirect that leads nowhere", new Remedy.Never());
        }
    }

    /// On a kept connection the server may have hung up meanwhile, which is no trouble.
    private HttpAnswer ask(URI uri, List<InetAddress> addresses, String range) throws IOException {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        var headers = new LinkedHashMap<String, String>();
        headers.put("User-Agent", userAgent);
        headers.put("Range", range);
        String wanted = uri.getScheme() + "://" + uri.getRawAuthority();
        HttpConnection kept = connection;
        if (kept != null
                && origin.equals(wanted)
                && addresses.contains(kept.remote().getAddress())) {
            try {
                return kept.get(target, headers, patience);
            } catch (SocketTimeoutException silent) {
                throw silent;
            } catch (IOException hungUp) {
                if (Thread.currentThread().isInterrupted()) {
                    throw hungUp;
                }
            }
        }
        close();
        HttpConnection fresh = http.connect(uri, addresses, patience);
        connection = fresh;
        toll = tolls.apply(fresh.remote().getAddress());
        origin = wanted;
        return fresh.get(target, headers, patience);
    }

    private static void judge(HttpAnswer answer, FileEntry file, long from, int lengthBytes)
            throws Trouble {
        switch (answer.status()) {
            case 206 -> judgeRange(answer, file, from, lengthBytes);
            case 200 -> judgeWhole(answer, file, from);
            case 404, 410 ->
                    throw new Trouble(
                            "HTTP status %d for a file".formatted(answer.status()),
                            new Remedy.WithoutFile(file));
            case 429, 503 ->
                    throw new Trouble(
                            "HTTP status %d: it is busy".formatted(answer.status()),
                            retryAfter(answer)
                                    .<Remedy>map(Remedy.Later::new)
                                    .orElse(new Remedy.Usual()));
            default -> {
                boolean isOurFault = answer.status() / 100 == 4 && answer.status() != 408;
                throw new Trouble(
                        "HTTP status %d".formatted(answer.status()),
                        isOurFault ? new Remedy.Never() : new Remedy.Usual());
            }
        }
    }

    private static void judgeRange(HttpAnswer answer, FileEntry file, long from, int lengthBytes)
            throws Trouble {
        Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range").orElse(""));
        if (!range.matches()
                || Long.parseLong(range.group(1)) != from
                || Long.parseLong(range.group(2)) != from + lengthBytes - 1) {
            throw new Trouble("another stretch than it was asked for", new Remedy.Never());
        }
        String total = range.group(3);
        if (!total.equals("*") && Long.parseLong(total) != file.lengthBytes()) {
            throw isAnother(file, total);
        }
    }

    private static Trouble isAnother(FileEntry file, String lengthBytes) {
        return new Trouble(
                "its file has %s bytes, the torrent's %d"
                        .formatted(lengthBytes, file.lengthBytes()),
                new Remedy.WithoutFile(file));
    }

    private static void judgeWhole(HttpAnswer answer, FileEntry file, long from) throws Trouble {
        Optional<String> length = answer.header("Content-Length");
        if (length.isPresent() && !length.get().equals(String.valueOf(file.lengthBytes()))) {
            throw isAnother(file, length.get());
        }
        if (from > MAX_SKIPPED_BYTES) {
            throw new Trouble("it gives large files as a whole only", new Remedy.WithoutFile(file));
        }
    }

    /// Seconds, or a date.
    private static Optional<Duration> retryAfter(HttpAnswer answer) {
        Optional<String> text = answer.header("Retry-After");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Duration delay;
        if (text.get().matches("\\d{1,9}")) {
            delay = Duration.ofSeconds(Long.parseLong(text.get()));
        } else {
            try {
                ZonedDateTime date =
                        ZonedDateTime.parse(text.get(), DateTimeFormatter.RFC_1123_DATE_TIME);
                delay = Duration.between(Instant.now(), date);
            } catch (DateTimeParseException unreadable) {
                return Optional.empty();
            }
        }
        boolean isLong = delay.compareTo(MAX_RETRY_AFTER) > 0;
        return Optional.of(isLong ? MAX_RETRY_AFTER : delay);
    }

    /// Hangs up.
    void close() {
        HttpConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
