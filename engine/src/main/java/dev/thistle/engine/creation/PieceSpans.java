package dev.thistle.engine.creation;

import dev.thistle.protocol.metainfo.MetaVersion;
import java.util.List;

/// Where each piece of a new torrent begins in its files: in v1 pieces run on from file to file, in
/// v2 and hybrid torrents each file begins a piece of its own. Immutable, for any thread.
final class PieceSpans {

    /// One piece.
    ///
    /// @param file index of the file it begins in
    /// @param offset of its first byte in that file
    /// @param lengthBytes of data
    /// @param paddingBytes zeros behind them that its SHA-1 covers
    /// @param leaves of its tree, those behind the data included; a power of two
    record Span(int piece, int file, long offset, int lengthBytes, int paddingBytes, int leaves) {}

    private final List<ContentFile> files;
    private final int pieceLengthBytes;
    private final boolean isAligned;
    private final boolean isPadded;

    /// The first piece of each file; in v1 alone the position of each file in bytes.
    private final long[] starts;

    private final int pieceCount;

    PieceSpans(List<ContentFile> files, int pieceLengthBytes, MetaVersion version) {
        this.files = files;
        this.pieceLengthBytes = pieceLengthBytes;
        isAligned = version.hasV2();
        isPadded = version == MetaVersion.HYBRID && files.size() > 1;
        starts = new long[files.size() + 1];
        for (int i = 0; i < files.size(); i++) {
            long length = files.get(i).lengthBytes();
            starts[i + 1] =
                    starts[i]
                            + (isAligned ? Math.ceilDiv(length, (long) pieceLengthBytes) : length);
        }
        long end = starts[files.size()];
        pieceCount = Math.toIntExact(isAligned ? end : Math.ceilDiv(end, (long) pieceLengthBytes));
    }

    int pieceCount() {
        return pieceCount;
    }

    Span of(int piece) {
        return isAligned ? aligned(piece) : running(piece);
    }

    private Span running(int piece) {
        long position = (long) piece * pieceLengthBytes;
        int file = fileAt(position);
        long left = starts[files.size()] - position;
        int length = (int) Math.min(pieceLengthBytes, left);
        return new Span(piece, file, position - starts[file], length, 0, 0);
    }

    private Span aligned(int piece) {
        int file = fileAt(piece);
        long offset = (piece - starts[file]) * pieceLengthBytes;
        long fileBytes = files.get(file).lengthBytes();
        int length = (int) Math.min(pieceLengthBytes, fileBytes - offset);
        int blocks = Math.ceilDiv(length, PieceWorker.BLOCK_BYTES);
        int leaves =
                fileBytes > pieceLengthBytes
                        ? pieceLengthBytes / PieceWorker.BLOCK_BYTES
                        : Integer.highestOneBit(2 * blocks - 1);
        return new Span(
                piece, file, offset, length, isPadded ? pieceLengthBytes - length : 0, leaves);
    }

    /// The last file that starts at or before `start` and is not empty.
    private int fileAt(long start) {
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (starts[middle + 1] <= start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
