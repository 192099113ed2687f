package dev.thistle.engine.pieces;

import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;

/// One piece on its way: takes its blocks as they come, writes them, hashes them while they are
/// warm in the cache, and says at the last one whether the piece is right.
///
/// Blocks that come in order are hashed from memory; one that comes early is read back when the gap
/// before it closes. Once the piece is verified or failed the assembly is closed: late blocks are
/// dropped, so bytes that were verified are never written over.
///
/// Thread-safe: several peers may deliver blocks of one piece, each from its own thread.
public final class PieceAssembly {

    /// What became of a block.
    public enum Outcome {
        /// Written; more are to come.
        STORED,
        /// It had come before, or the piece is over: nothing was written.
        DUPLICATE,
        /// It was the last one and the piece has the right hash.
        VERIFIED,
        /// It was the last one and the hash is wrong.
        MISMATCHED
    }

    private final Metainfo metainfo;
    private final PieceStore store;
    private final int piece;
    private final int lengthBytes;
    private final BitSet received = new BitSet();
    private final MessageDigest sha1 = sha1();
    private int hashedBytes;
    private int missingBlocks;
    private boolean isOver;

    public PieceAssembly(Metainfo metainfo, PieceStore store, int piece) {
        this(metainfo, store, piece, new BitSet());
    }

    /// Goes on where an earlier run ended.
    ///
    /// @param written blocks that the store has, but not all of them
    public PieceAssembly(Metainfo metainfo, PieceStore store, int piece, BitSet written) {
        this.metainfo = metainfo;
        this.store = store;
        this.piece = piece;
        this.lengthBytes = metainfo.pieceLengthBytes(piece);
        this.received.or(written);
        this.missingBlocks = blockCount(lengthBytes) - written.cardinality();
    }

    static int blockCount(int pieceLengthBytes) {
        return Math.ceilDiv(pieceLengthBytes, PeerMessageCodec.BLOCK_BYTES);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-1", missing);
        }
    }

    public int piece() {
        return piece;
    }

    private long position() {
        return (long) piece * metainfo.pieceLengthBytes();
    }

    /// Takes the block at `begin`, which must be a whole one. Advances `data` to its limit unless
    /// the block is a duplicate. What failed half-way may be tried again with the same block.
    public synchronized Outcome accept(int begin, ByteBuffer data) throws IOException {
        int block = begin / PeerMessageCodec.BLOCK_BYTES;
        if (isOver || (missingBlocks > 0 && received.get(block))) {
            return Outcome.DUPLICATE;
        }
        if (!received.get(block)) {
            store.write(position() + begin, data.duplicate());
            if (begin == hashedBytes) {
                hashedBytes += data.remaining();
                sha1.update(data);
            }
            received.set(block);
            missingBlocks--;
        }
        catchUp();
        if (missingBlocks > 0) {
            return Outcome.STORED;
        }
        isOver = true;
        return metainfo.pieceMatches(piece, sha1.digest()) ? Outcome.VERIFIED : Outcome.MISMATCHED;
    }

    /// Hashes the blocks that came early and are now next.
    private void catchUp() throws IOException {
        ByteBuffer block = null;
        while (hashedBytes < lengthBytes
                && received.get(hashedBytes / PeerMessageCodec.BLOCK_BYTES)) {
            if (block == null) {
                block = ByteBuffer.allocate(PeerMessageCodec.BLOCK_BYTES);
            }
            block.clear().limit(Math.min(block.capacity(), lengthBytes - hashedBytes));
            store.read(position() + hashedBytes, block);
            hashedBytes += block.flip().remaining();
            sha1.update(block);
        }
    }
}
