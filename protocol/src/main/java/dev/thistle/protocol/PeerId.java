package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// What a client calls itself in the handshake and at trackers: twenty bytes, by convention
/// `-XXnnnn-` and twelve random ones (BEP 20).
public final class PeerId implements Comparable<PeerId> {

    /// Every peer id is this long.
    public static final int BYTES = 20;

    private static final String ALPHABET =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final byte[] bytes;

    private PeerId(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Wraps a copy of `bytes`.
    ///
    /// @throws IllegalArgumentException unless `bytes` holds exactly 20
    public static PeerId of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "peer id of %d bytes, allowed 20".formatted(bytes.length));
        }
        return new PeerId(bytes.clone());
    }

    /// Reads 20 bytes from `source` and advances it.
    ///
    /// @throws java.nio.BufferUnderflowException if fewer remain
    public static PeerId read(ByteBuffer source) {
        byte[] bytes = new byte[BYTES];
        source.get(bytes);
        return new PeerId(bytes);
    }

    /// A fresh id: `prefix` in ASCII, then random letters and digits.
    ///
    /// @param prefix such as `-XX0100-`, at most 20 ASCII characters
    /// @throws IllegalArgumentException if `prefix` is longer
    public static PeerId random(String prefix, RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        byte[] head = prefix.getBytes(StandardCharsets.US_ASCII);
        if (head.length > BYTES) {
            throw new IllegalArgumentException(
                    "peer id prefix of %d bytes, allowed 0..20".formatted(head.length));
        }
        System.arraycopy(head, 0, bytes, 0, head.length);
        for (int i = head.length; i < BYTES; i++) {
            bytes[i] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        return new PeerId(bytes);
    }

    /// A copy of the 20 bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// Appends the 20 bytes to `target`.
    public void writeTo(ByteBuffer target) {
        target.put(bytes);
    }

    /// Byte order, each byte unsigned.
    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Forty lower-case hex digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
