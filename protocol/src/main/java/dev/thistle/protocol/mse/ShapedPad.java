package dev.thistle.protocol.mse;

import static dev.thistle.protocol.mse.PadPolicy.MAX_BYTES;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Pads with a beginning that is not random, so that a first step does not look enciphered.
final class ShapedPad {

    /// One more than the observers' rule lets pass as chance.
    private static final int PRINTABLE_BYTES = 21;

    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';

    /// Zeros of a pad of no other bytes: 96 random bytes of key and these have 384 bits set, with a
    /// standard deviation of 14, where the rule wants at most 462.
    private static final int FEWEST_ZEROS = 40;

    /// Each other byte, of 4 bits, needs 0.15 zeros to come to 3.4; a fifth covers chance as well.
    private static final int BYTES_PER_FURTHER_ZERO = 5;

    /// The shortest pad that has room for its zeros: 40 + 50 / 5.
    private static final int SHORTEST_WITH_ZEROS =
            FEWEST_ZEROS * BYTES_PER_FURTHER_ZERO / (BYTES_PER_FURTHER_ZERO - 1);

    private ShapedPad() {}

    static byte[] printable(RandomGenerator random) {
        byte[] pad = random(PRINTABLE_BYTES, random);
        for (int k = 0; k < PRINTABLE_BYTES; k++) {
            pad[k] = (byte) random.nextInt(FIRST_PRINTABLE, LAST_PRINTABLE + 1);
        }
        return pad;
    }

    static byte[] zeros(RandomGenerator random) {
        byte[] pad = random(SHORTEST_WITH_ZEROS, random);
        int zeros = FEWEST_ZEROS + Math.ceilDiv(pad.length, BYTES_PER_FURTHER_ZERO);
        Arrays.fill(pad, 0, zeros, (byte) 0);
        return pad;
    }

    /// Random bytes, `shortest` to 512 of them.
    private static byte[] random(int shortest, RandomGenerator random) {
        byte[] pad = new byte[random.nextInt(shortest, MAX_BYTES + 1)];
        random.nextBytes(pad);
        return pad;
    }
}
