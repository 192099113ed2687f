package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// What names and hashes have in common: a fixed number of bytes that are one value. Immutable.
///
/// @param <T> the kind itself: values of two kinds are never equal
abstract sealed class FixedBytes<T extends FixedBytes<T>> implements Comparable<T>
        permits InfoHash, PeerId, Sha256 {

    private final byte[] bytes;

    /// Keeps `bytes`, which nobody else may.
    FixedBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A copy of `bytes`, if there are `length`.
    ///
    /// @param what for people
    static byte[] copy(byte[] bytes, int length, String what) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(
                    "%s of %d bytes, allowed %d".formatted(what, bytes.length, length));
        }
        return bytes.clone();
    }

    /// Takes `length` bytes from `source`.
    static byte[] take(ByteBuffer source, int length) {
        byte[] bytes = new byte[length];
        source.get(bytes);
        return bytes;
    }

    /// A copy of the bytes.
    public final byte[] bytes() {
        return bytes.clone();
    }

    /// Appends the bytes to `target`.
    public final void writeTo(ByteBuffer target) {
        target.put(bytes);
    }

    /// Byte order, each byte unsigned.
    @Override
    public final int compareTo(T other) {
        FixedBytes<T> that = other;
        return Arrays.compareUnsigned(bytes, that.bytes);
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // the kinds are final
    public final boolean equals(Object other) {
        return other instanceof FixedBytes<?> that
                && getClass() == that.getClass()
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Two lower-case hex digits a byte.
    @Override
    public final String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
