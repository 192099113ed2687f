package dev.thistle.isp.detect;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.ShaIh;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/// A request that names a torrent to a tracker, as it crosses.
///
/// @param query what stands behind the first `?`, escapes untouched
/// @param torrent how it is named
record TrackerRequest(Kind kind, String query, Torrent torrent) {

    enum Kind {
        ANNOUNCE,
        SCRAPE
    }

    /// A torrent's name in a request.
    sealed interface Torrent {

        /// `info_hash`.
        record Open(InfoHash infoHash) implements Torrent {}

        /// `sha_ih` (BEP 8).
        record Hidden(ShaIh shaIh) implements Torrent {}
    }

    /// Nothing for what no tracker is asked, or names no torrent by 20 bytes.
    static Optional<TrackerRequest> read(String target) {
        int mark = target.indexOf('?');
        if (mark < 0) {
            return Optional.empty();
        }
        String path = target.substring(0, mark);
        String query = target.substring(mark + 1);
        if (!path.contains("/announce") && !path.contains("/scrape")) {
            return Optional.empty();
        }
        Kind kind = path.contains("/announce") ? Kind.ANNOUNCE : Kind.SCRAPE;
        return twenty(query, "info_hash=")
                .<Torrent>map(hash -> new Torrent.Open(InfoHash.of(hash)))
                .or(() -> twenty(query, "sha_ih=").map(hash -> new Torrent.Hidden(ShaIh.of(hash))))
                .map(torrent -> new TrackerRequest(kind, query, torrent));
    }

    private static Optional<byte[]> twenty(String query, String name) {
        int at = query.startsWith(name) ? 0 : query.indexOf("&" + name) + 1;
        if (at == 0 && !query.startsWith(name)) {
            return Optional.empty();
        }
        int from = at + name.length();
        int end = query.indexOf('&', from);
        byte[] bytes = decode(query.substring(from, end < 0 ? query.length() : end));
        return bytes.length == InfoHash.BYTES ? Optional.of(bytes) : Optional.empty();
    }

    private static byte[] decode(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (int at = 0; at < text.length(); at++) {
            char each = text.charAt(at);
            int high = each == '%' && at + 2 < text.length() ? hex(text.charAt(at + 1)) : -1;
            int low = high < 0 ? -1 : hex(text.charAt(at + 2));
            if (low >= 0) {
                bytes.write((high << 4) | low);
                at += 2;
            } else {
                bytes.write(each); // a % of its own stands for itself
            }
        }
        return bytes.toByteArray();
    }

    private static int hex(char each) {
        return each < 128 ? Character.digit(each, 16) : -1;
    }
}
