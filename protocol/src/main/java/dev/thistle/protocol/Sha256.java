package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// 32 bytes of SHA-256: a node of a Merkle tree, the root of a file, or the full info-hash of a v2
/// torrent (BEP 52). Ordered as bytes, each unsigned. Immutable, for any thread.
public final class Sha256 extends FixedBytes<Sha256> {

    /// Every SHA-256 is this long.
    public static final int BYTES = 32;

    /// What stands for a block behind the end of a file.
    public static final Sha256 ZERO = new Sha256(new byte[BYTES]);

    private Sha256(byte[] bytes) {
        super(bytes);
    }

    /// Wraps a copy of `bytes`.
    ///
    /// @throws IllegalArgumentException unless `bytes` holds exactly 32
    public static Sha256 of(byte[] bytes) {
        return new Sha256(copy(bytes, BYTES, "SHA-256"));
    }

    /// Reads 32 bytes from `source` and advances it.
    ///
    /// @throws java.nio.BufferUnderflowException if fewer remain
    public static Sha256 read(ByteBuffer source) {
        return new Sha256(take(source, BYTES));
    }

    /// Reads 64 hex digits of either case.
    ///
    /// @throws IllegalArgumentException if `hex` is anything else
    public static Sha256 ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }
}
