package dev.thistle.protocol.metainfo;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes a magnet link apart (BEP 9, BEP 53), one parameter after the other. One reader serves one
/// link.
final class MagnetReader {

    private static final String PREFIX = "magnet:?";
    private static final String V1 = "urn:btih:";
    private static final String V2 = "urn:btmh:";

    /// How a multihash says "SHA-256, 32 bytes".
    private static final String SHA_256 = "1220";

    private static final String BASE_32 = "abcdefghijklmnopqrstuvwxyz234567";

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,8})(?:-([0-9]{1,8}))?");

    private @Nullable InfoHash infoHash;
    private @Nullable Sha256 infoHashV2;
    private @Nullable String name;
    private final List<String> trackers = new ArrayList<>();
    private final List<String> peers = new ArrayList<>();
    private final List<String> webSeeds = new ArrayList<>();
    private final BitSet selected = new BitSet();

    private MagnetReader() {}

    static Magnet read(String link) throws MalformedException {
        if (link.length() > Magnet.MAX_CHARS) {
            throw new MalformedException(
                    TOO_LARGE,
                    "magnet",
                    "%d characters, allowed up to %d".formatted(link.length(), Magnet.MAX_CHARS));
        }
        String stripped = link.strip();
        if (!stripped.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
            throw new MalformedException(
                    BAD_VALUE,
                    "magnet",
                    "another kind of link, allowed " + PREFIX + "xt=" + V1 + "…");
        }
        var reader = new MagnetReader();
        for (String parameter : stripped.substring(PREFIX.length()).split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                String key = parameter.substring(0, equals).toLowerCase(Locale.ROOT);
                reader.take(key.replaceFirst("\\.[0-9]+$", ""), parameter.substring(equals + 1));
            }
        }
        return new Magnet(
                reader.infoHashes(),
                reader.name,
                reader.trackers,
                reader.peers,
                reader.webSeeds,
                reader.selected);
    }

    private InfoHashes infoHashes() throws MalformedException {
        if (infoHash != null && infoHashV2 != null) {
            return InfoHashes.hybrid(infoHash, infoHashV2);
        }
        if (infoHash != null) {
            return InfoHashes.v1(infoHash);
        }
        if (infoHashV2 != null) {
            return InfoHashes.v2(infoHashV2);
        }
        throw new MalformedException(
                BAD_VALUE, "magnet.xt", "no info-hash, allowed %s… or %s…".formatted(V1, V2));
    }

    private void take(String key, String value) throws MalformedException {
        switch (key) {
            case "xt" -> takeHash(decoded(value));
            // only names are written by hand and by forms, which make a space a plus
            case "dn" -> name = name == null ? decoded(value.replace('+', ' ')) : name;
            case "tr" -> takeUrl(value, trackers, MetainfoReader.MAX_TRACKERS);
            case "ws" -> takeUrl(value, webSeeds, MetainfoReader.MAX_WEB_SEEDS);
            case "x.pe" -> takePeer(decoded(value));
            case "so" -> takeSelection(decoded(value));
            default -> {}
        }
    }

    /// Topics of other networks stand beside ours in old links and are passed over.
    private void takeHash(String topic) throws MalformedException {
        String lower = topic.toLowerCase(Locale.ROOT);
        if (lower.startsWith(V1)) {
            var hash = InfoHash.of(v1(lower.substring(V1.length())));
            requireOne(infoHash == null || infoHash.equals(hash), V1);
            infoHash = hash;
        } else if (lower.startsWith(V2)) {
            var hash = Sha256.of(v2(lower.substring(V2.length())));
            requireOne(infoHashV2 == null || infoHashV2.equals(hash), V2);
            infoHashV2 = hash;
        }
    }

    private static byte[] v1(String text) throws MalformedException {
        if (text.matches("[0-9a-f]{40}")) {
            return HexFormat.of().parseHex(text);
        }
        if (!text.matches("[a-z2-7]{32}")) {
            throw new MalformedException(
                    BAD_VALUE,
                    "magnet.xt",
                    "%s with %d characters, allowed 40 hexadecimal or 32 base32"
                            .formatted(V1, text.length()));
        }
        byte[] hash = new byte[InfoHash.BYTES];
        for (int bit = 0; bit < 8 * InfoHash.BYTES; bit++) {
            int group = BASE_32.indexOf(text.charAt(bit / 5));
            int value = group >> (4 - bit % 5) & 1;
            hash[bit / 8] |= (byte) (value << (7 - bit % 8));
        }
        return hash;
    }

    private static byte[] v2(String text) throws MalformedException {
        if (!text.matches(SHA_256 + "[0-9a-f]{64}")) {
            throw new MalformedException(
                    BAD_VALUE,
                    "magnet.xt",
                    "%s with %d characters, allowed %s and 64 hexadecimal"
                            .formatted(V2, text.length(), SHA_256));
        }
        return HexFormat.of().parseHex(text.substring(SHA_256.length()));
    }

    private static void requireOne(boolean same, String kind) throws MalformedException {
        if (!same) {
            throw new MalformedException(
                    BAD_VALUE, "magnet.xt", "two different %s, allowed one".formatted(kind));
        }
    }

    private static void takeUrl(String value, List<String> urls, int most) {
        SourceUrls.url(decoded(value))
                .filter(url -> urls.size() < most && !urls.contains(url))
                .ifPresent(urls::add);
    }

    private void takePeer(String peer) {
        int colon = peer.lastIndexOf(':');
        // a DNS name is at most 253 characters, an IPv6 address 45; a port has one to five digits
        if (peer.matches("(\\[[0-9A-Fa-f:.]{2,45}]|[0-9A-Za-z._-]{1,253}):[0-9]{1,5}")
                && peers.size() < Magnet.MAX_PEERS
                && !peers.contains(peer)) {
            int port = Integer.parseInt(peer.substring(colon + 1));
            if (port >= 1 && port <= 0xFFFF) {
                peers.add(peer);
            }
        }
    }

    /// Numbers and ranges of them (BEP 53). What is beyond any torrent is cut off, so that a short
    /// text cannot ask for much memory; what is neither is left out.
    private void takeSelection(String ranges) {
        for (String range : ranges.split(",", -1)) {
            Matcher found = RANGE.matcher(range.strip());
            if (found.matches()) {
                int first = Integer.parseInt(found.group(1));
                int last = found.group(2) == null ? first : Integer.parseInt(found.group(2));
                if (first <= last && first < MetainfoReader.MAX_FILES) {
                    selected.set(first, Math.min(last + 1, MetainfoReader.MAX_FILES));
                }
            }
        }
    }

    /// Undoes percent-encoding; a percent sign that encodes nothing stands for itself, because
    /// people type names.
    private static String decoded(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        var out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%'
                    && i + 2 < in.length
                    && HexFormat.isHexDigit(in[i + 1])
                    && HexFormat.isHexDigit(in[i + 2])) {
                out.write(HexFormat.fromHexDigit(in[++i]) << 4 | HexFormat.fromHexDigit(in[++i]));
            } else {
                out.write(in[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
