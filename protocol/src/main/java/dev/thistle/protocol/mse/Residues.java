package dev.thistle.protocol.mse;

import java.math.BigInteger;
import java.util.Arrays;

/// Multiplies numbers modulo MSE's prime P, for as little as `BigInteger.modPow` does inside: by
/// itself that class can multiply and divide only, which takes ten times as long.
///
/// A number is 14 limbs of 55 bits, the lowest first, and stands for itself times `2^-770`, as
/// Montgomery (1985) has it: then reducing takes multiplications only. It may be up to twice P;
/// since `2^770` is more than four times P, products of such numbers are below it again.
///
/// Java has no carry flag, so a column of a product is summed up in two halves that cannot
/// overflow: `low`, the products modulo `2^64`, and `high`, their parts from `2^55` on. The lower
/// parts are what is left, `low - (high << 55)`: it counts modulo `2^64` too, and 28 parts of 55
/// bits fit.
///
/// The same steps for all numbers, so the time they take tells nothing about them. An instance is
/// room to work in: one thread at a time.
final class Residues {

    /// How many limbs a number has.
    static final int LIMBS = 14;

    private static final int LIMB_BITS = 55;
    private static final long LIMB_MASK = (1L << LIMB_BITS) - 1;

    /// One factor is moved up by so much before the upper half of a product is taken, which then
    /// begins at bit 55.
    private static final int ROOM = Long.SIZE - LIMB_BITS;

    private static final BigInteger R = BigInteger.ONE.shiftLeft(LIMBS * LIMB_BITS);

    private static final long[] PRIME = limbs(KeyExchange.P);

    /// `-1 / P mod 2^55`: times the lowest limb, how many P make that limb zero.
    private static final long NEGATED_INVERSE =
            R.subtract(KeyExchange.P.modInverse(R)).longValue() & LIMB_MASK;

    private static final long[] R_SQUARED = limbs(R.multiply(R).mod(KeyExchange.P));

    /// The number 1, as it stands here.
    static final long[] ONE = limbs(R.mod(KeyExchange.P));

    private final long[] low = new long[LIMBS];
    private final long[] high = new long[LIMBS];

    private static long[] limbs(BigInteger number) {
        long[] limbs = new long[LIMBS];
        for (int k = 0; k < LIMBS; k++) {
            limbs[k] = number.shiftRight(k * LIMB_BITS).longValue() & LIMB_MASK;
        }
        return limbs;
    }

    /// Comes in from the big-endian bytes of a number below P.
    long[] of(byte[] bytes) {
        long[] plain = limbs(new BigInteger(1, bytes));
        multiply(plain, R_SQUARED, plain);
        return plain;
    }

    /// Goes out as the big-endian bytes of the number, [KeyExchange#KEY_BYTES] long. It is below P:
    /// reducing `n < 2P` once more gives `(n + mP) / 2^770` with `m < 2^770`, so at most P, and P
    /// itself for 0 alone, which no power is.
    byte[] bytes(long[] number) {
        long[] plain = new long[LIMBS];
        plain[0] = 1;
        multiply(number, plain, plain);
        byte[] bytes = new byte[KeyExchange.KEY_BYTES];
        for (int n = 0; n < bytes.length; n++) {
            int bit = n * Byte.SIZE;
            int limb = bit / LIMB_BITS;
            int shift = bit % LIMB_BITS;
            long value = plain[limb] >>> shift;
            if (shift > LIMB_BITS - Byte.SIZE && limb + 1 < LIMBS) {
                value |= plain[limb + 1] << (LIMB_BITS - shift);
            }
            bytes[bytes.length - 1 - n] = (byte) value;
        }
        Arrays.fill(plain, 0);
        return bytes;
    }

    /// Puts `a * b` into `product`, which may be one of them. Each row adds one limb of `a` times
    /// `b`, then as many P as make the lowest column zero, and drops that column.
    void multiply(long[] a, long[] b, long[] product) {
        Arrays.fill(low, 0);
        Arrays.fill(high, 0);
        long carry = 0;
        for (int row = 0; row < LIMBS; row++) {
            long limb = a[row];
            long limbUp = limb << ROOM;
            long columnLow = low[0] + limb * b[0];
            long columnHigh = high[0] + Math.unsignedMultiplyHigh(limbUp, b[0]);
            long rest = columnLow - (columnHigh << LIMB_BITS) + carry;
            long primes = rest * NEGATED_INVERSE & LIMB_MASK;
            long primesUp = primes << ROOM;
            columnHigh += Math.unsignedMultiplyHigh(primesUp, PRIME[0]);
            rest += primes * PRIME[0] & LIMB_MASK;
            carry = (rest >>> LIMB_BITS) + columnHigh;
            for (int k = 1; k < LIMBS; k++) {
                low[k - 1] = low[k] + limb * b[k] + primes * PRIME[k];
                high[k - 1] =
                        high[k]
                                + Math.unsignedMultiplyHigh(limbUp, b[k])
                                + Math.unsignedMultiplyHigh(primesUp, PRIME[k]);
            }
            low[LIMBS - 1] = 0;
            high[LIMBS - 1] = 0;
        }
        settle(carry, product);
    }

    /// Makes limbs of the 14 columns.
    private void settle(long carry, long[] product) {
        long over = carry;
        for (int k = 0; k < LIMBS; k++) {
            long rest = low[k] - (high[k] << LIMB_BITS) + over;
            product[k] = rest & LIMB_MASK;
            over = (rest >>> LIMB_BITS) + high[k];
        }
    }

    /// Forgets what was calculated.
    void erase() {
        Arrays.fill(low, 0);
        Arrays.fill(high, 0);
    }
}
