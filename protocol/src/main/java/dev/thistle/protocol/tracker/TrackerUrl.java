package dev.thistle.protocol.tracker;

import java.util.Optional;

/// Puts queries behind tracker URLs, and finds the scrape URL of an announce URL (BEP 48). Works on
/// the text alone, so passkeys and odd escapes survive. Stateless.
public final class TrackerUrl {

    private static final String ANNOUNCE = "announce";

    private TrackerUrl() {}

    /// `url` with `query` appended, behind the query it may already have.
    public static String withQuery(String url, String query) {
        int fragment = url.indexOf('#');
        String base = fragment < 0 ? url : url.substring(0, fragment);
        int mark = base.indexOf('?');
        if (mark < 0) {
            return base + '?' + query;
        }
        boolean open = mark == base.length() - 1 || base.endsWith("&");
        return base + (open ? "" : "&") + query;
    }

    /// Where to scrape, if the last path element begins with `announce`: `/x/announce.php?k=1`
    /// becomes `/x/scrape.php?k=1`. Other trackers do not offer it.
    public static Optional<String> scrape(String announceUrl) {
        int end = announceUrl.length();
        for (char stop : new char[] {'?', '#'}) {
            int at = announceUrl.indexOf(stop);
            end = at < 0 ? end : Math.min(end, at);
        }
        int authority = announceUrl.indexOf("://");
        int slash = announceUrl.lastIndexOf('/', end - 1);
        boolean inPath = authority < 0 ? slash >= 0 : slash > authority + 2;
        if (!inPath || !announceUrl.startsWith(ANNOUNCE, slash + 1)) {
            return Optional.empty();
        }
        return Optional.of(
                announceUrl.substring(0, slash + 1)
                        + "scrape"
                        + announceUrl.substring(slash + 1 + ANNOUNCE.length()));
    }
}
