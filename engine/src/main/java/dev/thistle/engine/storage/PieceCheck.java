package dev.thistle.engine.storage;

import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/// Hashes what already lies in a store and says which pieces are right: before a download goes on,
/// before data is seeded, and for `thistle check`. Blocks the calling thread.
public final class PieceCheck {

    /// Read at a time: large enough that the call costs nothing beside hashing, small enough to
    /// stay in the cache between reading and hashing.
    private static final int CHUNK_BYTES = 256 * 1024;

    private final Metainfo metainfo;
    private final PieceStore store;

    public PieceCheck(Metainfo metainfo, PieceStore store) {
        this.metainfo = metainfo;
        this.store = store;
    }

    /// Looks at every piece.
    ///
    /// @return the pieces with the right hash
    public BitSet run(IntConsumer progress, BooleanSupplier cancelled) throws IOException {
        var all = new BitSet(metainfo.pieceCount());
        all.set(0, metainfo.pieceCount());
        return run(all, progress, cancelled);
    }

    /// Looks at some pieces. Those of which the store lacks a byte are passed over without reading.
    ///
    /// @param pieces which ones
    /// @param progress told how far it is: the piece that was looked at, plus one
    /// @param cancelled asked before each piece; true ends the check early
    /// @return the pieces with the right hash
    public BitSet run(BitSet pieces, IntConsumer progress, BooleanSupplier cancelled)
            throws IOException {
        var right = new BitSet(metainfo.pieceCount());
        MessageDigest sha1 = sha1();
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        for (int piece = pieces.nextSetBit(0);
                piece >= 0 && !cancelled.getAsBoolean();
                piece = pieces.nextSetBit(piece + 1)) {
            long position = (long) piece * metainfo.pieceLengthBytes();
            int length = metainfo.pieceLengthBytes(piece);
            if (store.isThere(position, length)) {
                for (int done = 0; done < length; done += chunk.limit()) {
                    chunk.clear().limit(Math.min(CHUNK_BYTES, length - done));
                    store.read(position + done, chunk);
                    sha1.update(chunk.flip());
                }
                right.set(piece, metainfo.pieceMatches(piece, sha1.digest()));
            }
            progress.accept(piece + 1);
        }
        return right;
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-1", missing);
        }
    }
}
