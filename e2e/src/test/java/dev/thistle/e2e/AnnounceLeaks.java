package dev.thistle.e2e;

import dev.thistle.e2e.wire.Conversation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What somebody on the tracker's line learns from announces and answers: which torrent, and whom
/// to act on. Everything BEP 8 is there to hide.
///
/// @param infoHash 40 hex digits
/// @param addresses of the peers, IPv4, dotted
/// @param ports the peers listen on
record AnnounceLeaks(String infoHash, List<String> addresses, List<Integer> ports) {

    private static final Pattern DOT = Pattern.compile("\\.");
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final Pattern PORT = Pattern.compile("[?&]port=([0-9]+)");

    AnnounceLeaks {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    /// Everything found, in words; empty when the observer learns nothing.
    List<String> in(List<Conversation> conversations) {
        var found = new ArrayList<String>();
        for (Conversation conversation : conversations) {
            String asked = unescaped(conversation.sent().text());
            hash(asked).forEach(what -> found.add("announce: " + what));
            listeningPorts(asked).forEach(what -> found.add("announce: " + what));
            peers(asked).forEach(what -> found.add("announce: " + what));
            String answer = conversation.answered().text();
            hash(answer).forEach(what -> found.add("answer: " + what));
            peers(answer).forEach(what -> found.add("answer: " + what));
        }
        return found;
    }

    /// Undone once for the whole text: so no choice of what to escape, and in which case, hides
    /// anything. One char a byte.
    private static String unescaped(String text) {
        Matcher escape = ESCAPE.matcher(text);
        return escape.replaceAll(m ->
                Matcher.quoteReplacement(
                        String.valueOf((char) HexFormat.fromHexDigits(m.group(1)))));
    }

    private List<String> hash(String text) {
        var found = new ArrayList<String>();
        if (text.contains(raw(HexFormat.of().parseHex(infoHash)))) {
            found.add("the info-hash as bytes");
        }
        if (text.toLowerCase(Locale.ROOT).contains(infoHash)) {
            found.add("the info-hash in hex");
        }
        return found;
    }

    private List<String> listeningPorts(String asked) {
        return PORT.matcher(asked)
                .results()
                .filter(m -> ports.stream().anyMatch(port -> m.group(1).equals("" + port)))
                .map(m -> "the listening port " + m.group(1))
                .toList();
    }

    private List<String> peers(String text) {
        var found = new ArrayList<String>();
        for (String address : addresses) {
            // Six-byte compact entries begin with these four.
            if (text.contains(raw(packed(address)))) {
                found.add("the address " + address + " as bytes");
            }
            if (text.contains(address)) {
                found.add("the address " + address + " as text");
            }
        }
        return found;
    }

    private static byte[] packed(String address) {
        List<String> parts = DOT.splitAsStream(address).toList();
        var bytes = new byte[parts.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(parts.get(i));
        }
        return bytes;
    }

    private static String raw(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
