package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The file contents that the torrents of `metainfo-v2.json` were made from: SHAKE128 (FIPS 202) of
/// `vec` and one byte, as long as the file. The JDK has SHAKE only with a fixed length.
public final class VectorContent {

    private static final int RATE_BYTES = 168;
    private static final int ROUNDS = 24;

    private VectorContent() {}

    public static byte[] of(int seed, int lengthBytes) {
        byte[] message = "vec?".getBytes(StandardCharsets.US_ASCII);
        message[3] = (byte) seed;
        byte[] block = Arrays.copyOf(message, RATE_BYTES);
        block[message.length] ^= 0x1F; // SHAKE's suffix and the first bit of the padding
        block[RATE_BYTES - 1] ^= (byte) 0x80;
        ByteBuffer in = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        long[] state = new long[25];
        for (int lane = 0; lane < RATE_BYTES / 8; lane++) {
            state[lane] = in.getLong();
        }
        ByteBuffer out =
                ByteBuffer.allocate(lengthBytes + RATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (out.position() < lengthBytes) {
            permute(state);
            for (int lane = 0; lane < RATE_BYTES / 8; lane++) {
                out.putLong(state[lane]);
            }
        }
        return Arrays.copyOf(out.array(), lengthBytes);
    }

    private static void permute(long[] a) {
        int feedback = 1; // of the shift register that makes the round constants
        for (int round = 0; round < ROUNDS; round++) {
            long[] c = new long[5];
            for (int i = 0; i < 25; i++) {
                c[i % 5] ^= a[i];
            }
            for (int i = 0; i < 25; i++) {
                a[i] ^= c[(i + 4) % 5] ^ Long.rotateLeft(c[(i + 1) % 5], 1);
            }
            long[] b = new long[25];
            int x = 1;
            int y = 0;
            b[0] = a[0];
            for (int t = 0; t < 24; t++) {
                int next = (2 * x + 3 * y) % 5;
                b[y + 5 * next] = Long.rotateLeft(a[x + 5 * y], (t + 1) * (t + 2) / 2);
                x = y;
                y = next;
            }
            for (int i = 0; i < 25; i++) {
                int row = i - i % 5;
                a[i] = b[i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
            }
            for (int j = 0; j < 7; j++) {
                if ((feedback & 1) != 0) {
                    a[0] ^= 1L << ((1 << j) - 1);
                }
                feedback = feedback << 1 ^ ((feedback >> 7) * 0x171);
            }
        }
    }
}
