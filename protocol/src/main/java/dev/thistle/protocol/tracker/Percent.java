package dev.thistle.protocol.tracker;

/// Percent-encoding of bytes, as trackers want it: `A-Z a-z 0-9 - . _ ~` stand for themselves,
/// everything else is `%XX`; `+` has no meaning of its own.
final class Percent {

    private static final String DIGITS = "0123456789ABCDEF";

    private Percent() {}

    static String encode(byte[] bytes) {
        var text = new StringBuilder(bytes.length * 3);
        for (byte each : bytes) {
            if (isUnreserved(each)) {
                text.append((char) each);
            } else {
                text.append('%')
                        .append(DIGITS.charAt((each >> 4) & 0xF))
                        .append(DIGITS.charAt(each & 0xF));
            }
        }
        return text.toString();
    }

    private static boolean isUnreserved(byte each) {
        return (each >= 'A' && each <= 'Z')
                || (each >= 'a' && each <= 'z')
                || (each >= '0' && each <= '9')
                || each == '-'
                || each == '.'
                || each == '_'
                || each == '~';
    }
}
