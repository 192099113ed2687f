package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// What a client calls itself in the handshake and at trackers: twenty bytes, by convention
/// `-XXnnnn-` and twelve random ones (BEP 20).
public final class PeerId extends FixedBytes<PeerId> {

    /// Every peer id is this long.
    public static final int BYTES = 20;

    private static final String ALPHABET =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private PeerId(byte[] bytes) {
        super(bytes);
    }

    /// Wraps a copy of `bytes`.
    ///
    /// @throws IllegalArgumentException unless `bytes` holds exactly 20
    public static PeerId of(byte[] bytes) {
        return new PeerId(copy(bytes, BYTES, "peer id"));
    }

    /// Reads 20 bytes from `source` and advances it.
    ///
    /// @throws java.nio.BufferUnderflowException if fewer remain
    public static PeerId read(ByteBuffer source) {
        return new PeerId(take(source, BYTES));
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
}
