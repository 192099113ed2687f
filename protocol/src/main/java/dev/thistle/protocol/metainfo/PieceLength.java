package dev.thistle.protocol.metainfo;

/// Chooses how finely a new torrent is cut. Small pieces spread faster and cost less when one is
/// bad; each costs 20 bytes of hash in the file and a bit in every peer's bitfield.
public final class PieceLength {

    /// One block (BEP 3): a piece is never smaller than what one request fetches.
    public static final int MIN_BYTES = 16 * 1024;

    /// Above this a bad piece throws away too much, so huge torrents get more pieces instead.
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    /// Doubling the length halves the count, so aiming at no more than this gives more than half of
    /// it: 1 001 to 2 000 pieces, 20 to 40 kB of hashes, for all totals from 16 MB to 33 GB.
    private static final int MOST_PIECES = 2_000;

    private PieceLength() {}

    /// The smallest power of two that cuts `totalBytes` into at most 2 000 pieces, but no less than
    /// [#MIN_BYTES] and no more than [#MAX_BYTES].
    ///
    /// Above 32 TiB, 16 MiB pieces would be more than the [MetainfoReader#MAX_PIECES] every reader
    /// takes; there alone the length goes on doubling, up to 128 MiB for the largest torrent (2^21
    /// pieces of 2^27 bytes are [MetainfoReader#MAX_LENGTH_BYTES], 2^48).
    ///
    /// @param totalBytes 0 to [MetainfoReader#MAX_LENGTH_BYTES]
    public static int forTotal(long totalBytes) {
        if (totalBytes < 0 || totalBytes > MetainfoReader.MAX_LENGTH_BYTES) {
            throw new IllegalArgumentException(
                    "%d bytes in all, allowed 0..%d"
                            .formatted(totalBytes, MetainfoReader.MAX_LENGTH_BYTES));
        }
        int length = MIN_BYTES;
        while ((totalBytes > (long) length * MOST_PIECES && length < MAX_BYTES)
                || totalBytes > (long) length * MetainfoReader.MAX_PIECES) {
            length *= 2;
        }
        return length;
    }
}
