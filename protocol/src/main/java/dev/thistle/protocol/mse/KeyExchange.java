package dev.thistle.protocol.mse;

import static dev.thistle.protocol.MalformedException.Rule.BAD_VALUE;
import static dev.thistle.protocol.MalformedException.Rule.TOO_LARGE;

import dev.thistle.protocol.MalformedException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// One side of the Diffie-Hellman exchange: a private exponent `x`, the public `Y = 2^x mod P` that
/// goes out, and, once the other side's has come, the secret `S = Y^x mod P`.
///
/// [#erase] forgets `x`. That is all that Java allows: copies inside `BigInteger` live until the
/// collector takes them, and its powers, of which one is `S`, take a time that depends on `x`.
///
/// Not final, since some recorded conversations are known by their S only, and tests replay them.
class KeyExchange {

    /// `Y` and `S` are always this long: 768 bits, with leading zeros if the number is smaller.
    static final int KEY_BYTES = 768 / Byte.SIZE;

    /// 160 bits. Finding `x` from `Y` costs about 2^80 steps then, as much as the 768-bit group
    /// deserves.
    static final int EXPONENT_BYTES = 160 / Byte.SIZE;

    /// The longest first step of either side: 96 + 512.
    static final int MAX_STEP_BYTES = KEY_BYTES + PadPolicy.MAX_BYTES;

    /// A safe prime of 768 bits. Begins like the first Oakley group (RFC 2409) but for the last 64
    /// bits, so a library's group does not serve.
    static final BigInteger P =
            new BigInteger(
                    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd1"
                            + "29024e088a67cc74020bbea63b139b22514a08798e3404dd"
                            + "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245"
                            + "e485b576625e7ec6f44c42e9a63a36210000000000090563",
                    16);

    private static final BigInteger LARGEST_KEY = P.subtract(BigInteger.TWO);

    private final byte[] exponent;

    /// @param exponent big-endian; taken over, for [#erase] to clear
    KeyExchange(byte[] exponent) {
        this.exponent = exponent;
    }

    static KeyExchange draw(RandomGenerator random) {
        byte[] exponent = new byte[EXPONENT_BYTES];
        random.nextBytes(exponent);
        return new KeyExchange(exponent);
    }

    /// Our `Y`, 96 bytes.
    byte[] publicKey() {
        return PowersOfTwo.power(exponent);
    }

    /// The first step of either side: `Y` and a pad behind it.
    ByteBuffer firstStep(byte[] pad) {
        return ByteBuffer.allocate(KEY_BYTES + pad.length).put(publicKey()).put(pad).flip();
    }

    /// Reads the other side's `Y`, whose 96 bytes must be there, and makes the secret.
    ///
    /// Whatever arrived with it can only be pad, because the next step takes knowing our key.
    /// Refused are keys that settle S for anybody who watches (0, 1, P-1 give 0, 1 or P-1) and such
    /// that are not reduced.
    ///
    /// @param side `a` or `b`: names the fields in errors
    SharedSecret agree(ByteBuffer in, char side) throws MalformedException {
        if (in.remaining() > MAX_STEP_BYTES) {
            throw new MalformedException(
                    TOO_LARGE,
                    "mse.pad" + Character.toUpperCase(side),
                    "%d bytes with the key, allowed at most %d"
                            .formatted(in.remaining() - KEY_BYTES, PadPolicy.MAX_BYTES));
        }
        byte[] theirs = new byte[KEY_BYTES];
        in.get(theirs);
        return new SharedSecret(secret(new BigInteger(1, theirs), "mse.y" + side));
    }

    private byte[] secret(BigInteger y, String where) throws MalformedException {
        if (y.compareTo(BigInteger.TWO) < 0 || y.compareTo(LARGEST_KEY) > 0) {
            throw new MalformedException(
                    BAD_VALUE,
                    where,
                    "a public key of %d bits, allowed only 2..P-2".formatted(y.bitLength()));
        }
        return power(y);
    }

    /// `y^x mod P` in 96 bytes.
    byte[] power(BigInteger y) {
        return fixedLength(y.modPow(new BigInteger(1, exponent), P));
    }

    /// `BigInteger` gives as many bytes as the number needs, or one more for the sign.
    private static byte[] fixedLength(BigInteger number) {
        byte[] shortest = number.toByteArray();
        byte[] fixed = new byte[KEY_BYTES];
        int length = Math.min(shortest.length, KEY_BYTES);
        System.arraycopy(shortest, shortest.length - length, fixed, KEY_BYTES - length, length);
        Arrays.fill(shortest, (byte) 0);
        return fixed;
    }

    /// The owner calls this once the secret is made or nothing will come of it.
    void erase() {
        Arrays.fill(exponent, (byte) 0);
    }
}
