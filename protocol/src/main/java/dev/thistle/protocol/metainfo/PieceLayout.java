package dev.thistle.protocol.metainfo;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where pieces lie in the files of a torrent, and how much of each is data.
///
///     files   |  a.bin  | pad |  b  | pad |   c.bin   |
///     pieces  |    0    |    1      |     2     |  3  |
///                       data of 0, 1 and 2 ends where the padding begins
///
/// Padding is asked of nobody (BEP 47). A piece of nothing but padding, which only a strange
/// torrent has, is treated as data. Immutable, for any thread.
final class PieceLayout {

    private final List<FileEntry> files;
    private final int pieceLengthBytes;
    private final long spanBytes;
    private final int pieceCount;

    /// Data of each piece, or null where only the last piece is short.
    private final int @Nullable [] lengths;

    private final long lengthBytes;

    PieceLayout(TorrentInfo info) {
        files = info.files();
        pieceLengthBytes = info.pieceLengthBytes();
        spanBytes = info.spanBytes();
        pieceCount = Math.toIntExact(Math.ceilDiv(spanBytes, (long) pieceLengthBytes));
        lengths = files.stream().anyMatch(FileEntry::padding) ? lengths() : null;
        long sum = spanBytes;
        if (lengths != null) {
            sum = 0;
            for (int length : lengths) {
                sum += length;
            }
        }
        lengthBytes = sum;
    }

    private int[] lengths() {
        int[] lengths = new int[pieceCount];
        long dataEnd = 0; // of everything so far
        int piece = 0;
        for (FileEntry file : files) {
            if (!file.padding() && file.lengthBytes() > 0) {
                piece = close(lengths, piece, dataEnd, file.position());
                dataEnd = file.end();
            }
        }
        close(lengths, piece, dataEnd, spanBytes);
        return lengths;
    }

    /// Sets the lengths of all pieces from `piece` on that end at or before `limit`.
    ///
    /// @return the first piece that does not
    private int close(int[] lengths, int piece, long dataEnd, long limit) {
        while (piece < pieceCount && endOf(piece) <= limit) {
            long data = Math.min(dataEnd - start(piece), spanBytes(piece));
            lengths[piece] = data > 0 ? (int) data : spanBytes(piece);
            piece++;
        }
        return piece;
    }

    private long start(int piece) {
        return (long) piece * pieceLengthBytes;
    }

    private long endOf(int piece) {
        return start(piece) + spanBytes(piece);
    }

    int pieceCount() {
        return pieceCount;
    }

    long spanBytes() {
        return spanBytes;
    }

    long lengthBytes() {
        return lengthBytes;
    }

    int spanBytes(int piece) {
        Objects.checkIndex(piece, pieceCount);
        return (int) Math.min(pieceLengthBytes, spanBytes - start(piece));
    }

    int lengthBytes(int piece) {
        return lengths == null ? spanBytes(piece) : lengths[Objects.checkIndex(piece, pieceCount)];
    }

    /// The file that the first byte of `piece` belongs to; empty files belong to none.
    FileEntry fileAt(int piece) {
        Objects.checkIndex(piece, pieceCount);
        long position = start(piece);
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (files.get(middle).end() <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return files.get(low);
    }
}
