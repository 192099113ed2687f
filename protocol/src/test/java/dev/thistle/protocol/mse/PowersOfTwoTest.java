package dev.thistle.protocol.mse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Against `BigInteger`, which is slow and known to be right.
class PowersOfTwoTest {

    private static final BigInteger P = KeyExchange.P;
    private static final int CASES = 1_000;

    /// Numbers at the ends and of long runs of equal bits, where carries go far.
    private static final List<BigInteger> EXTREMES =
            List.of(
                    BigInteger.ONE,
                    BigInteger.TWO,
                    power(55),
                    power(55).subtract(BigInteger.ONE),
                    power(715),
                    power(767).subtract(BigInteger.ONE),
                    power(768).mod(P),
                    power(770).mod(P),
                    P.shiftRight(1),
                    P.subtract(power(64)),
                    P.subtract(BigInteger.TWO),
                    P.subtract(BigInteger.ONE));

    @Test
    void powers_of_two_are_those_of_the_reference() {
        var random = new Random(1);
        for (int n = 0; n < CASES; n++) {
            byte[] x = exponent(random, n);

            byte[] power = PowersOfTwo.power(x);

            assertThat(power).hasSize(96);
            assertThat(new BigInteger(1, power))
                    .as("2^%s", new BigInteger(1, x).toString(16))
                    .isEqualTo(BigInteger.TWO.modPow(new BigInteger(1, x), P));
        }
    }

    @Test
    void every_single_bit_of_an_exponent_counts() {
        for (int bit = 0; bit < 160; bit++) {
            byte[] x = new byte[20];
            x[19 - bit / 8] = (byte) (1 << bit % 8);

            assertThat(new BigInteger(1, PowersOfTwo.power(x)))
                    .as("bit %d", bit)
                    .isEqualTo(BigInteger.TWO.modPow(power(bit), P));
        }
    }

    @Test
    void a_longer_exponent_is_our_own_mistake() {
        assertThatThrownBy(() -> PowersOfTwo.power(new byte[21]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an exponent of 21 bytes, allowed up to 20");
    }

    @Test
    void products_are_those_of_the_reference() {
        var random = new Random(2);
        for (int n = 0; n < CASES; n++) {
            requireProduct(new BigInteger(768, random).mod(P), new BigInteger(768, random).mod(P));
        }
        for (BigInteger a : EXTREMES) {
            for (BigInteger b : EXTREMES) {
                requireProduct(a, b);
            }
        }
    }

    /// Products of products may lie between P and 2P; ten in a row drift there if anywhere.
    private static void requireProduct(BigInteger a, BigInteger b) {
        var residues = new Residues();
        long[] product = residues.of(fixedLength(a));
        long[] factor = residues.of(fixedLength(b));
        BigInteger expected = a;
        for (int n = 0; n < 10; n++) {
            residues.multiply(product, factor, product);
            expected = expected.multiply(b).mod(P);
        }

        assertThat(new BigInteger(1, residues.bytes(product)))
                .as("%s times %s", a.toString(16), b.toString(16))
                .isEqualTo(expected);
    }

    private static BigInteger power(int bits) {
        return BigInteger.ONE.shiftLeft(bits);
    }

    /// Mostly 20 random bytes; the first ones shorter, and of zeros or ones only.
    private static byte[] exponent(Random random, int n) {
        byte[] x = new byte[n < 20 ? n + 1 : 20];
        random.nextBytes(x);
        if (n == 20) {
            Arrays.fill(x, (byte) 0);
        } else if (n == 21) {
            Arrays.fill(x, (byte) -1);
        }
        return x;
    }

    private static byte[] fixedLength(BigInteger number) {
        byte[] bytes = new byte[KeyExchange.KEY_BYTES];
        byte[] shortest = number.toByteArray();
        int length = Math.min(shortest.length, bytes.length);
        System.arraycopy(shortest, shortest.length - length, bytes, bytes.length - length, length);
        return bytes;
    }
}
