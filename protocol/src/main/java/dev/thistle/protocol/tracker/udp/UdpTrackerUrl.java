package dev.thistle.protocol.tracker.udp;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.MalformedException;

/// The address of a UDP tracker: `udp://tracker.example:6969/announce`.
///
/// @param host a name, or the text of an address without brackets
/// @param port 1 to 65535
/// @param urlData path and query, which may hold a passkey, to be sent along (BEP 41); empty if
///   there is neither
public record UdpTrackerUrl(String host, int port, String urlData) {

    private static final String SCHEME = "udp://";

    public static boolean isOne(String url) {
        return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /// Takes a URL for which [#isOne] holds apart. No message quotes it, since it may hold a
    /// passkey.
    public static UdpTrackerUrl parse(String url) throws MalformedException {
        String rest = isOne(url) ? url.substring(SCHEME.length()) : "";
        int fragment = rest.indexOf('#');
        rest = fragment < 0 ? rest : rest.substring(0, fragment);
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
            end++;
        }
        String authority = rest.substring(rest.lastIndexOf('@', Math.max(end - 1, 0)) + 1, end);
        int colon = authority.lastIndexOf(':');
        if (colon < 0 || authority.endsWith("]")) {
            throw new MalformedException(BAD_VALUE, "tracker.port", "missing, allowed 1..65535");
        }
        String host = authority.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new MalformedException(BAD_VALUE, "tracker.host", "more than one colon");
        }
        if (host.isEmpty()) {
            throw new MalformedException(BAD_VALUE, "tracker.host", "missing");
        }
        String urlData = rest.substring(end);
        if (urlData.length() > UdpRequestCodec.MAX_URL_DATA_BYTES) {
            throw new MalformedException(
                    TOO_LARGE,
                    "tracker.path",
                    "%d bytes, allowed %d"
                            .formatted(urlData.length(), UdpRequestCodec.MAX_URL_DATA_BYTES));
        }
        boolean saysNothing = urlData.equals("/");
        return new UdpTrackerUrl(
                host, port(authority.substring(colon + 1)), saysNothing ? "" : urlData);
    }

    private static int port(String text) throws MalformedException {
        boolean isNumber =
                !text.isEmpty()
                        && text.length() <= 5
                        && text.chars().allMatch(each -> each >= '0' && each <= '9');
        int port = isNumber ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 0xFFFF) {
            throw new MalformedException(
                    BAD_VALUE, "tracker.port", "no port number, allowed 1..65535");
        }
        return port;
    }

    /// Without the path, as that may hold a passkey.
    @Override
    public String toString() {
        return SCHEME + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
