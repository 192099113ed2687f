package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// The name of a torrent: SHA-1 of its `info` dictionary as found in the file (BEP 3). It also
/// serves as the shared secret of MSE and of BEP 8, so it is never logged for peers who hide it.
public final class InfoHash implements Comparable<InfoHash> {

    /// Every info-hash is this long.
    public static final int BYTES = 20;

    private final byte[] bytes;

    private InfoHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Wraps a copy of `bytes`.
    ///
    /// @throws IllegalArgumentException unless `bytes` holds exactly 20
    public static InfoHash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "info-hash of %d bytes, allowed 20".formatted(bytes.length));
        }
        return new InfoHash(bytes.clone());
    }

    /// Reads 20 bytes from `source` and advances it.
    ///
    /// @throws java.nio.BufferUnderflowException if fewer remain
    public static InfoHash read(ByteBuffer source) {
        byte[] bytes = new byte[BYTES];
        source.get(bytes);
        return new InfoHash(bytes);
    }

    /// Reads forty hex digits of either case.
    ///
    /// @throws IllegalArgumentException if `hex` is anything else
    public static InfoHash ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
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
    public int compareTo(InfoHash other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InfoHash that && Arrays.equals(bytes, that.bytes);
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
