package dev.thistle.protocol.mse;

import java.util.Arrays;

/// Powers of two modulo P, which is what public keys are: a quarter of the price that
/// `BigInteger.modPow` has for them, since much can be prepared of a base that never changes.
///
/// The exponent's 160 bits are cut into eight rows of 20, one above the other. Each column of eight
/// bits names a prepared product, so that 20 products and the 19 squarings between them do, where
/// `modPow` takes about 200 (a comb: Lim and Lee, 1994). For the power of another side's key
/// nothing can be prepared, and there `modPow` is as fast as 55-bit limbs come to in Java
/// (`bench/baselines/mse.md`).
///
/// The number of steps is always the same. Which prepared products are read depends on `x`, and so
/// does what that leaves in the processor's caches.
final class PowersOfTwo {

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
                    residues.multiply(tooth, tooth, tooth);
                }
            }
            return powers;
        }
    }

    private PowersOfTwo() {}

    /// `2^x mod P` in 96 bytes.
    ///
    /// @param x big-endian, up to 20 bytes
    static byte[] power(byte[] x) {
        if (x.length > KeyExchange.EXPONENT_BYTES) {
            throw new IllegalArgumentException(
                    "an exponent of %d bytes, allowed up to %d"
                            .formatted(x.length, KeyExchange.EXPONENT_BYTES));
        }
        var residues = new Residues();
        long[] power = Residues.ONE.clone();
        for (int column = SPAN - 1; column >= 0; column--) {
            if (column < SPAN - 1) {
                residues.multiply(power, power, power);
            }
            int teeth = 0;
            for (int k = 0; k < TEETH; k++) {
                teeth |= bit(x, column + k * SPAN) << k;
            }
            residues.multiply(power, Comb.POWERS[teeth], power);
        }
        byte[] bytes = residues.bytes(power);
        Arrays.fill(power, 0);
        residues.erase();
        return bytes;
    }

    private static int bit(byte[] x, int index) {
        int at = x.length - 1 - index / Byte.SIZE;
        return at < 0 ? 0 : x[at] >> index % Byte.SIZE & 1;
    }
}
