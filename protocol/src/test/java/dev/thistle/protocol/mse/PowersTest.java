package dev.thistle.protocol.mse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Against `BigInteger`, which is slow and known to be right.
class PowersTest {

    private static final BigInteger P = KeyExchange.P;
    private static final int CASES = 300;

    /// Numbers at the ends and of long runs of equal bits, where carries go far.
    static List<BigInteger> extremes() {
        BigInteger one = BigInteger.ONE;
        return List.of(
                BigInteger.TWO,
                BigInteger.valueOf(3),
                one.shiftLeft(55),
                one.shiftLeft(55).subtract(one),
                one.shiftLeft(715),
                one.shiftLeft(767).subtract(one),
                one.shiftLeft(768).subtract(one).mod(P),
                one.shiftLeft(770).mod(P),
                P.shiftRight(1),
                P.subtract(one.shiftLeft(64)),
                P.subtract(BigInteger.TWO),
                P.subtract(one));
    }

    @Test
    void powers_of_two_are_those_of_the_reference() {
        var random = new Random(1);
        for (int n = 0; n < CASES; n++) {
            byte[] x = exponent(random, n);

            assertThat(new BigInteger(1, Powers.ofTwo(x)))
                    .as("2^%s", new BigInteger(1, x).toString(16))
                    .isEqualTo(BigInteger.TWO.modPow(new BigInteger(1, x), P));
        }
    }

    @Test
    void powers_of_any_key_are_those_of_the_reference() {
        var random = new Random(2);
        for (int n = 0; n < CASES; n++) {
            requireSame(new BigInteger(768, random).mod(P), exponent(random, n));
        }
    }

    @ParameterizedTest
    @MethodSource("extremes")
    void powers_of_numbers_at_the_ends_are_those_of_the_reference(BigInteger y) {
        var random = new Random(3);
        for (int n = 0; n < 10; n++) {
            requireSame(y, exponent(random, n));
        }
        requireSame(y, new byte[] {0});
        requireSame(y, new byte[] {1});
    }

    @Test
    void a_recorded_exponent_may_be_as_long_as_a_key() {
        var random = new Random(4);
        byte[] x = new byte[96];
        random.nextBytes(x);

        requireSame(new BigInteger(767, random), x);
        assertThatThrownBy(() -> Powers.ofTwo(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an exponent of 96 bytes, allowed up to 20");
    }

    private static void requireSame(BigInteger y, byte[] x) {
        byte[] power = Powers.of(fixedLength(y), x);

        assertThat(power).hasSize(96);
        assertThat(new BigInteger(1, power))
                .as("%s^%s", y.toString(16), new BigInteger(1, x).toString(16))
                .isEqualTo(y.modPow(new BigInteger(1, x), P));
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
