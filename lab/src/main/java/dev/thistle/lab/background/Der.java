package dev.thistle.lab.background;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Writes the few kinds of ASN.1 values a certificate is made of, in DER (ITU-T X.690).
final class Der {

    static final int SEQUENCE = 0x30;
    static final int OCTET_STRING = 0x04;

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int SET = 0x31;
    private static final int GENERALIZED_TIME = 0x18;

    /// id-at-commonName, 2.5.4.3.
    private static final byte[] COMMON_NAME = {0x06, 3, 0x55, 4, 3};

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    /// Tag, length, and the parts one after another.
    static byte[] value(int tag, byte[]... parts) {
        byte[] content = join(parts);
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            byte[] length = java.math.BigInteger.valueOf(content.length).toByteArray();
            int sign = length[0] == 0 ? 1 : 0;
            out.write(0x80 | (length.length - sign));
            out.write(length, sign, length.length - sign);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] integer(byte[] twosComplement) {
        return value(INTEGER, twosComplement);
    }

    /// Whole bytes only.
    static byte[] bits(byte[] bytes) {
        return value(BIT_STRING, new byte[] {0}, bytes);
    }

    static byte[] time(Instant instant) {
        return value(GENERALIZED_TIME, ascii(TIME.format(instant)));
    }

    /// A distinguished name of one part.
    static byte[] commonName(String name) {
        byte[] attribute = value(SEQUENCE, COMMON_NAME, value(UTF8_STRING, ascii(name)));
        return value(SEQUENCE, value(SET, attribute));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
