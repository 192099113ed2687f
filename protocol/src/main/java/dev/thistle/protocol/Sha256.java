package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// 32 bytes of SHA-256: a node of a Merkle tree, the root of a file, or the full info-hash of a v2
/// torrent (BEP 52). Ordered as bytes, each unsigned. Immutable, for any thread.
public final class Sha256 implements Comparable<Sha256> {

    /// Every SHA-256 is this long.
    public static final int BYTES = 32;

    /// What stands for a block behind the end of a file.
    public static final Sha256 ZERO = new Sha256(new byte[BYTES]);

    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Wraps a copy of `bytes`.
    ///
    /// @throws IllegalArgumentException unless `bytes` holds exactly 32
    public static Sha256 of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "SHA-256 of %d bytes, allowed 32".formatted(bytes.length));
        }
        return new Sha256(bytes.clone());
    }

    /// Reads 32 bytes from `source` and advances it.
    ///
    /// @throws java.nio.BufferUnderflowException if fewer remain
    public static Sha256 read(ByteBuffer source) {
        byte[] bytes = new byte[BYTES];
        source.get(bytes);
        return new Sha256(bytes);
    }

    /// Reads 64 hex digits of either case.
    ///
    /// @throws IllegalArgumentException if `hex` is anything else
    public static Sha256 ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /// A copy of the 32 bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// Appends the 32 bytes to `target`.
    public void writeTo(ByteBuffer target) {
        target.put(bytes);
    }

    @Override
    public int compareTo(Sha256 other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Sixty-four lower-case hex digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
