package dev.thistle.protocol;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// The name of a torrent: SHA-1 of its `info` dictionary as found in the file (BEP 3). It also
/// serves as the shared secret of MSE and of BEP 8, so it is never logged for peers who hide it.
public final class InfoHash extends FixedBytes<InfoHash> {

    /// Every info-hash is this long.
    public static final int BYTES = 20;

    private InfoHash(byte[] bytes) {
        super(bytes);
    }

    /// Wraps a copy of `bytes`.
    ///
    /// @throws IllegalArgumentException unless `bytes` holds exactly 20
    public static InfoHash of(byte[] bytes) {
        return new InfoHash(copy(bytes, BYTES, "info-hash"));
    }

    /// Reads 20 bytes from `source` and advances it.
    ///
    /// @throws java.nio.BufferUnderflowException if fewer remain
    public static InfoHash read(ByteBuffer source) {
        return new InfoHash(take(source, BYTES));
    }

    /// Reads forty hex digits of either case.
    ///
    /// @throws IllegalArgumentException if `hex` is anything else
    public static InfoHash ofHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }
}
