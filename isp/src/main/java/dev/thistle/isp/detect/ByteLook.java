package dev.thistle.isp.detect;

import java.nio.ByteBuffer;
import java.util.Locale;

/// What can be said of bytes without understanding them.
///
/// @param bitsPerByte mean number of bits set
/// @param printableStart how many bytes are printable before the first that is not
/// @param printable how many are printable ASCII (0x20 to 0x7e) in all
/// @param longestRun of printable bytes in a row
record ByteLook(int length, double bitsPerByte, int printableStart, int printable, int longestRun) {

    /// @param bytes from 0 to the limit; at least one
    static ByteLook of(ByteBuffer bytes) {
        int bits = 0;
        int printable = 0;
        int run = 0;
        int longest = 0;
        int start = -1;
        for (int at = 0; at < bytes.limit(); at++) {
            int each = Byte.toUnsignedInt(bytes.get(at));
            bits += Integer.bitCount(each);
            if (each >= 0x20 && each <= 0x7e) {
                printable++;
                run++;
                longest = Math.max(longest, run);
            } else {
                start = start < 0 ? at : start;
                run = 0;
            }
        }
        int length = bytes.limit();
        return new ByteLook(
                length, (double) bits / length, start < 0 ? length : start, printable, longest);
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "first payload of %d bytes: %.2f bits a byte, %d %% printable, at most %d in a row,"
                        + " %d at the start",
                length,
                bitsPerByte,
                100 * printable / length,
                longestRun,
                printableStart);
    }
}
