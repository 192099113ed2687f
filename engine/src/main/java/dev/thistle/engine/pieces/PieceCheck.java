package dev.thistle.engine.pieces;

import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.PieceDigest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/// Hashes what already lies in a store and says which pieces are right: before a download goes on,
/// before data is seeded, and for `thistle check`. Blocks the calling thread.
public final class PieceCheck {

    /// What a check found. All other pieces that it was to look at are missing or wrong.
    ///
    /// @param right pieces that are there and have the right hash
    /// @param inDoubt pieces that are there and were not judged: their hash is not known yet, or
    ///   the check was cancelled before it came to them
    public record Found(BitSet right, BitSet inDoubt) {}

    /// Read at a time: large enough that the call costs nothing beside hashing, small enough to
    /// stay in the cache between reading and hashing.
    private static final int CHUNK_BYTES = 256 * 1024;

    private final Metainfo metainfo;
    private final PieceLayers layers;
    private final PieceStore store;

    public PieceCheck(Metainfo metainfo, PieceStore store) {
        this(metainfo, metainfo.pieceLayers(), store);
    }

    /// @param layers the piece layers that are known, which may be more than `metainfo` came with
    public PieceCheck(Metainfo metainfo, PieceLayers layers, PieceStore store) {
        this.metainfo = metainfo;
        this.layers = layers;
        this.store = store;
    }

    /// Looks at every piece.
    ///
    /// @throws IOException also if a hybrid torrent contradicts itself
    public Found run(IntConsumer progress, BooleanSupplier cancelled) throws IOException {
        var all = new BitSet(metainfo.pieceCount());
        all.set(0, metainfo.pieceCount());
        return run(all, progress, cancelled);
    }

    /// Looks at some pieces. Those of which the store lacks a byte, and those whose hash is not
    /// known yet, after a magnet link to a v2 torrent, are passed over without reading.
    ///
    /// @param pieces which ones
    /// @param progress told how far it is: the piece that was looked at, plus one
    /// @param cancelled asked before each piece; true ends the check early
    public Found run(BitSet pieces, IntConsumer progress, BooleanSupplier cancelled)
            throws IOException {
        if (pieces.isEmpty()) {
            return new Found(new BitSet(), new BitSet());
        }
        try (Arena memory = Arena.ofShared()) { // freed at once: many torrents may start together
            ByteBuffer chunk = memory.allocate(CHUNK_BYTES).asByteBuffer();
            return run(pieces, chunk, progress, cancelled);
        }
    }

    private Found run(
            BitSet pieces, ByteBuffer chunk, IntConsumer progress, BooleanSupplier cancelled)
            throws IOException {
        var found = new Found(new BitSet(metainfo.pieceCount()), new BitSet());
        int piece = pieces.nextSetBit(0);
        while (piece >= 0 && !cancelled.getAsBoolean()) {
            if (store.isThere(position(piece), metainfo.pieceLengthBytes(piece))) {
                boolean isJudged = metainfo.isVerifiable(piece, layers);
                found.right().set(piece, isJudged && isRight(piece, chunk));
                found.inDoubt().set(piece, !isJudged);
            }
            progress.accept(piece + 1);
            piece = pieces.nextSetBit(piece + 1);
        }
        for (; piece >= 0; piece = pieces.nextSetBit(piece + 1)) { // it was cancelled
            found.inDoubt().set(piece);
        }
        return found;
    }

    private long position(int piece) {
        return (long) piece * metainfo.pieceLengthBytes();
    }

    private boolean isRight(int piece, ByteBuffer chunk) throws IOException {
        int length = metainfo.pieceLengthBytes(piece);
        var digest = new PieceDigest(metainfo, piece);
        for (int done = 0; done < length; done += chunk.limit()) {
            chunk.clear().limit(Math.min(CHUNK_BYTES, length - done));
            store.read(position(piece) + done, chunk);
            digest.blocksInOrder(done, chunk.flip());
        }
        return switch (digest.verdict(layers)) {
            case RIGHT -> true;
            case WRONG, UNKNOWN -> false;
            case CONTRADICTORY -> throw new IOException(contradiction(piece));
        };
    }

    /// What is said of a hybrid torrent whose two halves describe different data.
    public static String contradiction(int piece) {
        return "piece %d fits one hash of the torrent and not the other: the torrent is broken"
                .formatted(piece);
    }
}
