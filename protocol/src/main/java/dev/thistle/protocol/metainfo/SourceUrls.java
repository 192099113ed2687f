package dev.thistle.protocol.metainfo;

import dev.thistle.protocol.bencode.BencodeValue;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Picks the usable URLs out of the advisory parts of a torrent. A torrent is good without any of
/// them, and real ones hold empty lists, strings in place of lists and hundreds of dead trackers,
/// so whatever has another form or is over a limit is passed over in silence.
final class SourceUrls {

    /// Longer than any announce URL with its passkey; what HTTP servers commonly take.
    static final int MAX_URL_CHARS = 2_048;

    private SourceUrls() {}

    /// The tracker tiers of `key`, each without what an earlier tier has (BEP 12).
    static List<List<String>> tiers(Dict torrent, String key) {
        List<List<String>> tiers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (BencodeValue tier : items(torrent, key)) {
            List<String> urls = new ArrayList<>();
            if (tier instanceof Items(var entries)) {
                for (BencodeValue entry : entries) {
                    url(entry)
                            .filter(u -> seen.size() < MetainfoReader.MAX_TRACKERS)
                            .filter(seen::add)
                            .ifPresent(urls::add);
                }
            }
            if (!urls.isEmpty() && tiers.size() < MetainfoReader.MAX_TIERS) {
                tiers.add(List.copyOf(urls));
            }
        }
        return tiers;
    }

    /// The URLs of `key`, which is one string or a list of them (BEP 19).
    static List<String> urls(Dict torrent, String key) {
        List<BencodeValue> entries =
                torrent.value(key)
                        .map(v -> v instanceof Text ? List.of(v) : items(torrent, key))
                        .orElse(List.of());
        return entries.stream()
                .flatMap(entry -> url(entry).stream())
                .distinct()
                .limit(MetainfoReader.MAX_WEB_SEEDS)
                .toList();
    }

    private static List<BencodeValue> items(Dict torrent, String key) {
        return torrent.value(key).orElse(null) instanceof Items(var items) ? items : List.of();
    }

    private static Optional<String> url(BencodeValue value) {
        return value instanceof Text(var bytes)
                ? bytes.text().flatMap(SourceUrls::url)
                : Optional.empty();
    }

    /// The URL in `text`, unless it is empty, too long, or holds what no URL may and what could
    /// forge a request or a log line.
    static Optional<String> url(String text) {
        String url = text.strip();
        boolean usable =
                !url.isEmpty()
                        && url.length() <= MAX_URL_CHARS
                        && url.codePoints().noneMatch(SourceUrls::isForbidden);
        return usable ? Optional.of(url) : Optional.empty();
    }

    private static boolean isForbidden(int codePoint) {
        return Character.isWhitespace(codePoint)
                || Character.isSpaceChar(codePoint)
                || Character.isISOControl(codePoint)
                || Character.getType(codePoint) == Character.FORMAT;
    }
}
