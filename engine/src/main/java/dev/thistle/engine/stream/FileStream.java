package dev.thistle.engine.stream;

import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// One file of a torrent, read while it still comes. A read blocks until the bytes at its position
/// are there and verified; the pieces ahead of the position get deadlines, so that they come before
/// all others. Bytes that were read never change.
///
/// A read fails with an [IOException] when the torrent ends. Closing the channel, or interrupting
/// the reader, ends a read that waits, as it does with other channels.
///
/// Thread-safe; reads of one channel wait for each other. Several channels may be open on one file.
public final class FileStream implements SeekableByteChannel {

    /// Asked for ahead of the position: some seconds of the best films.
    static final long READ_AHEAD_BYTES = 8 << 20;

    /// Pieces with deadlines at most, where pieces are small.
    static final int MAX_PIECES_AHEAD = 64;

    /// Between the deadlines of one piece and the next; the first one is due after as long.
    static final long PIECE_NANOS = 1_000_000_000L;

    /// Where the wish for pieces goes.
    public interface Wishes {
        /// The pieces that `reader` waits for, with monotonic times; none when it goes away.
        void await(Object reader, Map<Integer, Long> nanosByPiece);
    }

    private final Metainfo metainfo;
    private final FileEntry file;
    private final PieceStore store;
    private final Arrivals arrivals;
    private final Wishes wishes;
    private final LongSupplier clock;
    private Map<Integer, Long> deadlines = Map.of();
    private int wishedFrom = -1;
    private long position;
    private volatile boolean closed;

    /// Opens the stream and asks for its first pieces.
    ///
    /// @param clock monotonic nanoseconds
    public FileStream(
            Metainfo metainfo,
            FileEntry file,
            PieceStore store,
            Arrivals arrivals,
            Wishes wishes,
            LongSupplier clock) {
        this.metainfo = metainfo;
        this.file = file;
        this.store = store;
        this.arrivals = arrivals;
        this.wishes = wishes;
        this.clock = clock;
        wish();
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        requireOpen();
        if (position >= file.lengthBytes()) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        wish();
        int piece = piece(position);
        try {
            if (!arrivals.await(piece, () -> closed)) {
                throw new AsynchronousCloseException();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
            throw new ClosedByInterruptException();
        }
        return readFrom(piece, target);
    }

    /// What is left of the piece, of the file or of the target, whichever is least.
    private int readFrom(int piece, ByteBuffer target) throws IOException {
        long from = file.position() + position;
        long pieceEnd = (piece + 1L) * metainfo.pieceLengthBytes();
        long end = Math.min(pieceEnd, file.position() + file.lengthBytes());
        int count = (int) Math.min(end - from, target.remaining());
        int limit = target.limit();
        target.limit(target.position() + count);
        try {
            store.read(from, target);
        } finally {
            target.limit(limit);
        }
        position += count;
        return count;
    }

    private int piece(long at) {
        return (int) ((file.position() + at) / metainfo.pieceLengthBytes());
    }

    /// Gives the pieces ahead their deadlines, when the position has come to another piece. Those
    /// that have one keep it.
    private void wish() {
        if (position >= file.lengthBytes() || piece(position) == wishedFrom) {
            return;
        }
        int first = piece(position);
        long ahead = Math.min(position + READ_AHEAD_BYTES, file.lengthBytes()) - 1;
        int last = Math.min(piece(ahead), first + MAX_PIECES_AHEAD - 1);
        long now = clock.getAsLong();
        var next = new HashMap<Integer, Long>();
        for (int piece = first; piece <= last; piece++) {
            Long before = deadlines.get(piece);
            next.put(piece, before != null ? before : now + (piece - first + 1) * PIECE_NANOS);
        }
        wishedFrom = first;
        deadlines = next;
        wishes.await(this, next);
        if (closed) { // meanwhile, by another thread
            wishes.await(this, Map.of());
        }
    }

    @Override
    public synchronized long position() throws IOException {
        requireOpen();
        return position;
    }

    /// Moves; the pieces from there on are asked for at once.
    @Override
    public synchronized SeekableByteChannel position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException(
                    "position: %d, allowed from 0".formatted(newPosition));
        }
        position = newPosition;
        wish();
        return this;
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return file.lengthBytes();
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            arrivals.wake();
            wishes.await(this, Map.of());
        }
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }
}
