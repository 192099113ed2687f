package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The parameters of a raw query as clients really send them: values are bytes, `+` is a plus,
/// escapes in both cases, unescaped reserved characters, empty pairs, keys without a value.
///
/// `&` always separates. `;` and a further `?` (a passkey query with the client's own behind it)
/// separate only where the name of a parameter follows: both may also stand unescaped inside a
/// hash.
final class QueryString {

    /// A scrape of 100 torrents is the longest honest query: 100 × 71 bytes.
    static final int MAX_CHARS = 8 * 1024;

    /// That scrape, and room for every parameter of an announce.
    static final int MAX_PAIRS = 160;

    private static final Set<String> NAMES =
            Set.of(
                    "info_hash",
                    "sha_ih",
                    "peer_id",
                    "port",
                    "uploaded",
                    "downloaded",
                    "left",
                    "corrupt",
                    "redundant",
                    "event",
                    "numwant",
                    "key",
                    "compact",
                    "no_peer_id",
                    "ip",
                    "ipv4",
                    "ipv6",
                    "trackerid",
                    "supportcrypto",
                    "requirecrypto",
                    "cryptoport");

    private static final int MAX_NAME_CHARS = 16;

    private record Pair(String name, ByteString value) {}

    private final List<Pair> pairs;

    private QueryString(List<Pair> pairs) {
        this.pairs = pairs;
    }

    /// @param raw what stands behind the first `?`, one char a byte, escapes untouched
    static QueryString parse(String raw) throws MalformedException {
        if (raw.length() > MAX_CHARS) {
            throw new MalformedException(
                    TOO_LARGE,
                    "query",
                    "%d characters, allowed %d".formatted(raw.length(), MAX_CHARS));
        }
        var pairs = new ArrayList<Pair>();
        int start = 0;
        for (int at = 0; at <= raw.length(); at++) {
            if (at == raw.length() || separates(raw, at)) {
                addPair(raw.substring(start, at), pairs);
                start = at + 1;
            }
        }
        return new QueryString(pairs);
    }

    private static boolean separates(String raw, int at) {
        char mark = raw.charAt(at);
        if (mark == '&') {
            return true;
        }
        if (mark != ';' && mark != '?') {
            return false;
        }
        int next = at + 1;
        if (next == raw.length()) {
            return true;
        }
        if (raw.charAt(next) == ';' || raw.charAt(next) == '?') {
            return separates(raw, next);
        }
        int equals = raw.indexOf('=', next);
        return equals > next
                && equals - next <= MAX_NAME_CHARS
                && NAMES.contains(raw.substring(next, equals));
    }

    private static void addPair(String pair, List<Pair> pairs) throws MalformedException {
        if (pair.isEmpty()) {
            return;
        }
        if (pairs.size() == MAX_PAIRS) {
            throw new MalformedException(
                    TOO_LARGE, "query", "more than the %d parameters allowed".formatted(MAX_PAIRS));
        }
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        if (NAMES.contains(name)) {
            pairs.add(new Pair(name, decode(name, value)));
        }
    }

    private static ByteString decode(String name, String text) throws MalformedException {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int at = 0; at < text.length(); at++) {
            char each = text.charAt(at);
            if (each > 0xFF) {
                throw new MalformedException(
                        BAD_VALUE,
                        name,
                        "unescaped bytes above 0x7f, allowed only percent-encoded");
            }
            int high = each == '%' ? hex(text, at + 1) : -1;
            int low = high < 0 ? -1 : hex(text, at + 2);
            if (low >= 0) {
                bytes.write((high << 4) | low);
                at += 2;
            } else {
                bytes.write(each); // a % of its own stands for itself
            }
        }
        return ByteString.of(bytes.toByteArray());
    }

    private static int hex(String text, int at) {
        if (at >= text.length() || text.charAt(at) > 0x7F) {
            return -1;
        }
        return Character.digit(text.charAt(at), 16);
    }

    boolean has(String name) {
        return pairs.stream().anyMatch(pair -> pair.name().equals(name));
    }

    /// Each value of `name`, in order.
    List<ByteString> all(String name) {
        return pairs.stream().filter(pair -> pair.name().equals(name)).map(Pair::value).toList();
    }

    /// The first value of `name` that is not empty.
    Optional<ByteString> first(String name) {
        for (Pair pair : pairs) {
            if (pair.name().equals(name) && pair.value().length() > 0) {
                return Optional.of(pair.value());
            }
        }
        return Optional.empty();
    }

    /// A decimal number: `otherwise` for one that is missing, negative or no number, the largest
    /// long for one that does not fit.
    long number(String name, long otherwise) {
        String digits = first(name).map(ByteString::toString).orElse("");
        if (digits.isEmpty()) {
            return otherwise;
        }
        long value = 0;
        for (int at = 0; at < digits.length(); at++) {
            int digit = digits.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return otherwise;
            }
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return value;
    }

    boolean flag(String name) {
        return number(name, 0) == 1;
    }

    /// The only name of a torrent in this query.
    TorrentName torrent() throws MalformedException {
        List<TorrentName> names = torrents(1);
        if (names.isEmpty()) {
            throw new MalformedException(BAD_VALUE, "info_hash", "missing, required once");
        }
        return names.getFirst();
    }

    /// Every name of a torrent in this query.
    List<TorrentName> torrents(int max) throws MalformedException {
        List<ByteString> open = all("info_hash");
        List<ByteString> hidden = all("sha_ih");
        if (!open.isEmpty() && !hidden.isEmpty()) {
            throw new MalformedException(
                    BAD_VALUE, "sha_ih", "stands beside info_hash, allowed only one of them");
        }
        if (open.size() + hidden.size() > max) {
            throw new MalformedException(
                    TOO_LARGE,
                    open.isEmpty() ? "sha_ih" : "info_hash",
                    "%d times, allowed %d".formatted(open.size() + hidden.size(), max));
        }
        var names = new ArrayList<TorrentName>();
        for (ByteString value : open) {
            names.add(new TorrentName.Open(InfoHash.of(twenty("info_hash", value))));
        }
        for (ByteString value : hidden) {
            names.add(new TorrentName.Hidden(ShaIh.of(twenty("sha_ih", value))));
        }
        return names;
    }

    static byte[] twenty(String name, ByteString value) throws MalformedException {
        if (value.length() != 20) {
            throw new MalformedException(
                    BAD_VALUE, name, "%d bytes, allowed 20".formatted(value.length()));
        }
        return value.bytes();
    }
}
