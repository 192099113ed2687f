package dev.thistle.protocol.tracker;

import java.util.Arrays;
import java.util.Optional;

/// Numeric IP addresses as text. The JDK's own parser may ask a name server, which codecs must not.
public final class IpText {

    /// The longest text of an IPv6 address, with a dotted IPv4 tail.
    private static final int MAX_CHARS = 45;

    private IpText() {}

    /// `203.0.113.7`, or eight groups such as `2001:db8:0:0:0:0:0:7`.
    public static String format(byte[] ip) {
        var text = new StringBuilder();
        if (ip.length == 4) {
            for (byte each : ip) {
                text.append(text.isEmpty() ? "" : ".").append(each & 0xFF);
            }
            return text.toString();
        }
        for (int k = 0; k < ip.length; k += 2) {
            int group = ((ip[k] & 0xFF) << 8) | (ip[k + 1] & 0xFF);
            text.append(k == 0 ? "" : ":").append(Integer.toHexString(group));
        }
        return text.toString();
    }

    /// The 4 or 16 bytes, or nothing for a host name or anything else.
    public static Optional<byte[]> parse(String text) {
        if (text.length() > MAX_CHARS) {
            return Optional.empty();
        }
        return text.indexOf(':') < 0 ? v4(text) : v6(text);
    }

    private static Optional<byte[]> v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        byte[] ip = new byte[4];
        for (int k = 0; k < 4; k++) {
            int value = number(parts[k], 10, 3);
            if (value < 0 || value > 255) {
                return Optional.empty();
            }
            ip[k] = (byte) value;
        }
        return Optional.of(ip);
    }

    private static Optional<byte[]> v6(String text) {
        int gap = text.indexOf("::");
        // A second gap, or a dotted part in front of the gap.
        if (gap >= 0 && (text.indexOf("::", gap + 1) >= 0 || text.lastIndexOf('.', gap) >= 0)) {
            return Optional.empty();
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap));
        byte[] tail = groups(gap < 0 ? "" : text.substring(gap + 2));
        int length = head.length + tail.length;
        if (Arrays.equals(head, BAD) || Arrays.equals(tail, BAD)) {
            return Optional.empty();
        }
        if (gap < 0 ? length != 16 : length > 14) {
            return Optional.empty();
        }
        byte[] ip = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, ip, 16 - tail.length, tail.length);
        return Optional.of(ip);
    }

    /// Of an odd length, which no run of groups has.
    private static final byte[] BAD = {0};

    private static byte[] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[0];
        for (int k = 0; k < parts.length; k++) {
            if (k == parts.length - 1 && parts[k].indexOf('.') >= 0) {
                byte[] dotted = v4(parts[k]).orElse(BAD);
                bytes = Arrays.copyOf(bytes, bytes.length + dotted.length);
                System.arraycopy(dotted, 0, bytes, bytes.length - dotted.length, dotted.length);
                return dotted.length == 4 ? bytes : BAD;
            }
            int value = number(parts[k], 16, 4);
            if (value < 0) {
                return BAD;
            }
            bytes = Arrays.copyOf(bytes, bytes.length + 2);
            bytes[bytes.length - 2] = (byte) (value >> 8);
            bytes[bytes.length - 1] = (byte) value;
        }
        return bytes;
    }

    /// -1 for anything but 1 to `maxDigits` digits.
    private static int number(String text, int radix, int maxDigits) {
        if (text.isEmpty() || text.length() > maxDigits) {
            return -1;
        }
        int value = 0;
        for (int k = 0; k < text.length(); k++) {
            char each = text.charAt(k);
            int digit = each < 128 ? Character.digit(each, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }
}
