package dev.thistle.protocol.mse;

import java.util.Arrays;

/// The two powers that a key exchange takes, modulo P: of 2, whose powers can be prepared, and of
/// another side's key, which cannot.
///
/// | power | squarings | products |
/// | --- | --- | --- |
/// | `2^x`, by a comb of eight teeth | 19 | 20 |
/// | `y^x`, four bits at a time | 156 | 54 |
///
/// The number of steps depends on the length of `x` alone; which prepared powers are read depends on
/// `x`, and so does what that leaves in the processor's caches.
final class Powers {

    private static final int WINDOW_BITS = 4;
    private static final int TEETH = 8;

    /// From one tooth to the next, in bits: eight of them span the exponent.
    private static final int SPAN = KeyExchange.EXPONENT_BYTES * Byte.SIZE / TEETH;

    /// Powers of 2 for all 256 ways a comb's teeth can fall on set bits: at index `t`, the product
    /// of `2^(2^(20 k))` for each bit `k` of `t`. 29 KiB, made at the first key.
    private static final class Comb {
        private static final long[][] POWERS = prepare();

        private static long[][] prepare() {
            var residues = new Residues();
            long[][] powers = new long[1 << TEETH][];
            powers[0] = Residues.ONE;
            byte[] two = new byte[KeyExchange.KEY_BYTES];
            two[two.length - 1] = 2;
            long[] tooth = residues.of(two);
            for (int half = 1; half < powers.length; half <<= 1) {
                powers[half] = tooth.clone();
                for (int t = 1; t < half; t++) {
                    powers[half + t] = new long[Residues.LIMBS];
                    residues.multiply(tooth, powers[t], powers[half + t]);
                }
                for (int bit = 0; bit < SPAN; bit++) {
                    residues.square(tooth, tooth);
                }
            }
            return powers;
        }
    }

    private Powers() {}

    /// `2^x mod P` in 96 bytes.
    ///
    /// @param x big-endian, up to 20 bytes
    static byte[] ofTwo(byte[] x) {
        if (x.length > KeyExchange.EXPONENT_BYTES) {
            throw new IllegalArgumentException(
                    "an exponent of %d bytes, allowed up to %d"
                            .formatted(x.length, KeyExchange.EXPONENT_BYTES));
        }
        var residues = new Residues();
        long[] power = Residues.ONE.clone();
        for (int column = SPAN - 1; column >= 0; column--) {
            if (column < SPAN - 1) {
                residues.square(power, power);
            }
            int teeth = 0;
            for (int k = 0; k < TEETH; k++) {
                teeth |= bit(x, column + k * SPAN) << k;
            }
            residues.multiply(power, Comb.POWERS[teeth], power);
        }
        return finished(power, residues);
    }

    private static int bit(byte[] x, int index) {
        int at = x.length - 1 - index / Byte.SIZE;
        return at < 0 ? 0 : x[at] >> index % Byte.SIZE & 1;
    }

    /// `y^x mod P` in 96 bytes.
    ///
    /// @param y big-endian, below P
    /// @param x big-endian, of any length but 0
    static byte[] of(byte[] y, byte[] x) {
        var residues = new Residues();
        long[][] powers = new long[1 << WINDOW_BITS][Residues.LIMBS];
        powers[0] = Residues.ONE;
        powers[1] = residues.of(y);
        for (int k = 2; k < powers.length; k++) {
            residues.multiply(powers[k - 1], powers[1], powers[k]);
        }
        long[] power = powers[x[0] >> WINDOW_BITS & 15].clone();
        for (int window = 1; window < 2 * x.length; window++) {
            for (int bit = 0; bit < WINDOW_BITS; bit++) {
                residues.square(power, power);
            }
            int nibble = window % 2 == 0 ? x[window / 2] >> WINDOW_BITS & 15 : x[window / 2] & 15;
            residues.multiply(power, powers[nibble], power);
        }
        return finished(power, residues);
    }

    private static byte[] finished(long[] power, Residues residues) {
        byte[] bytes = residues.bytes(power);
        Arrays.fill(power, 0);
        residues.erase();
        return bytes;
    }
}
