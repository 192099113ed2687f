package dev.thistle.protocol.metainfo;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.stream.Collectors;

/// Spells a magnet link. Stateless.
final class MagnetWriter {

    /// What may stand in a query unescaped and means nothing there (RFC 3986).
    private static final String PLAIN =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private MagnetWriter() {}

    static String write(Magnet magnet) {
        var link = new StringBuilder("magnet:?");
        magnet.infoHashes().v1().ifPresent(hash -> append(link, "xt", "urn:btih:", hash));
        magnet.infoHashes().v2().ifPresent(hash -> append(link, "xt", "urn:btmh:1220", hash));
        magnet.name().ifPresent(name -> append(link, "dn", "", escaped(name)));
        magnet.trackers().forEach(url -> append(link, "tr", "", escaped(url)));
        magnet.webSeeds().forEach(url -> append(link, "ws", "", escaped(url)));
        magnet.peers().forEach(peer -> append(link, "x.pe", "", peer)); // brackets are usual there
        if (!magnet.selected().isEmpty()) {
            append(link, "so", "", ranges(magnet.selected()));
        }
        return link.toString();
    }

    private static void append(StringBuilder link, String key, String prefix, Object value) {
        link.append(link.charAt(link.length() - 1) == '?' ? "" : "&")
                .append(key)
                .append('=')
                .append(prefix)
                .append(value);
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(b) >= 0) {
                escaped.append((char) b);
            } else {
                escaped.append("%%%02X".formatted(b));
            }
        }
        return escaped.toString();
    }

    private static String ranges(BitSet selected) {
        BitSet starts = (BitSet) selected.clone();
        for (int i = selected.length() - 1; i > 0; i--) {
            starts.set(i, selected.get(i) && !selected.get(i - 1));
        }
        return starts.stream()
                .mapToObj(first -> {
                    int last = selected.nextClearBit(first) - 1;
                    return first == last ? "" + first : first + "-" + last;
                })
                .collect(Collectors.joining(","));
    }
}
