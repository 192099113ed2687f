package dev.thistle.engine.pieces;

import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.PieceDigest;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One piece on its way: takes its blocks as they come, writes them, hashes them while they are
/// warm in the cache, and says at the last one whether the piece is right.
///
/// In v2 every block is hashed on its own as it comes. In v1 and hybrid torrents blocks that come
/// in order are hashed from memory; one that comes early is read back when the gap before it
/// closes. Once the piece is verified or failed the assembly is closed: late blocks are dropped, so
/// bytes that were verified are never written over.
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
        MISMATCHED,
        /// It was the last one, and the hashes of a hybrid torrent disagree: the torrent is broken.
        CONTRADICTORY
    }

    private final PieceStore store;
    private final Supplier<PieceLayers> layers;
    private final int piece;
    private final long position;
    private final int lengthBytes;
    private final BitSet received = new BitSet();

    /// Blocks of an earlier run, which v2 still has to hash.
    private final BitSet unhashed = new BitSet();

    private final PieceDigest digest;
    private volatile boolean isSuspect;
    private volatile long[] blockDigests = {};
    private int orderedBytes;
    private int missingBlocks;

    /// What the hash said, which can be asked for once.
    private @Nullable Outcome end;

    private boolean isOver;

    /// A piece of which nothing is there, in a torrent that has all the piece layers it needs.
    public PieceAssembly(Metainfo metainfo, PieceStore store, int piece) {
        this(metainfo, metainfo::pieceLayers, store, piece, new BitSet());
    }

    /// Goes on where an earlier run ended.
    ///
    /// @param layers the piece layers known when the last block comes; of no use in v1
    /// @param written blocks that the store has, but not all of them
    public PieceAssembly(
            Metainfo metainfo,
            Supplier<PieceLayers> layers,
            PieceStore store,
            int piece,
            BitSet written) {
        this.store = store;
        this.layers = layers;
        this.piece = piece;
        this.position = (long) piece * metainfo.pieceLengthBytes();
        this.lengthBytes = metainfo.pieceLengthBytes(piece);
        this.digest = new PieceDigest(metainfo, piece);
        this.received.or(written);
        this.unhashed.or(written);
        this.missingBlocks = blockCount(lengthBytes) - written.cardinality();
    }

    static int blockCount(int pieceLengthBytes) {
        return Math.ceilDiv(pieceLengthBytes, PeerMessageCodec.BLOCK_BYTES);
    }

    public int piece() {
        return piece;
    }

    /// Takes the block at `begin`, which must be a whole one. Advances `data` to its limit unless
    /// the block is a duplicate. What failed half-way may be tried again with the same block.
    public synchronized Outcome accept(int begin, ByteBuffer data) throws IOException {
        int block = begin / PeerMessageCodec.BLOCK_BYTES;
        if (isOver || (missingBlocks > 0 && received.get(block))) {
            return Outcome.DUPLICATE;
        }
        if (!received.get(block)) {
            store.write(position + begin, data.duplicate());
            digest.block(begin, data.duplicate());
            if (begin == orderedBytes) {
                orderedBytes += data.remaining();
                digest.inOrder(data.duplicate());
            }
            data.position(data.limit());
            received.set(block);
            missingBlocks--;
        }
        catchUp();
        if (missingBlocks > 0) {
            return Outcome.STORED;
        }
        hashEarlier();
        if (end == null) {
            end = verdict();
        }
        if (end == Outcome.MISMATCHED || isSuspect) {
            blockDigests = digestBlocks(); // which reads, and may fail
        }
        isOver = true;
        return end;
    }

    private Outcome verdict() {
        return switch (digest.verdict(layers.get())) {
            case RIGHT -> Outcome.VERIFIED;
            case WRONG -> Outcome.MISMATCHED;
            case CONTRADICTORY -> Outcome.CONTRADICTORY;
            case UNKNOWN ->
                    throw new IllegalStateException(
                            "piece %d was asked for before its hash was known".formatted(piece));
        };
    }

    /// The piece failed before: [#blockDigests] are wanted even if it is right now.
    public void suspect() {
        isSuspect = true;
    }

    /// What tells one block from another of the same place, by block; once the piece is over, if
    /// its hash is wrong or it is suspect.
    public long[] blockDigests() {
        return blockDigests.clone();
    }

    /// What the blocks hash to, once the piece is over, where the torrent has trees of hashes (v2).
    public synchronized Optional<HashLayer> leaves() {
        return digest.needsBlocks() ? Optional.of(digest.blocks()) : Optional.empty();
    }

    private long[] digestBlocks() throws IOException {
        var digests = new long[blockCount(lengthBytes)];
        if (digest.needsBlocks()) {
            ByteBuffer leaves = digest.blocks().asBuffer();
            Arrays.setAll(digests, block -> leaves.getLong(block * Sha256.BYTES));
            return digests;
        }
        MessageDigest sha1 = sha1();
        for (int block = 0; block < digests.length; block++) {
            sha1.update(readBack(block * PeerMessageCodec.BLOCK_BYTES));
            digests[block] = ByteBuffer.wrap(sha1.digest()).getLong();
        }
        return digests;
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-1", missing);
        }
    }

    /// Hashes the blocks that came early and are now next, where order matters (v1).
    private void catchUp() throws IOException {
        while (digest.needsOrder()
                && orderedBytes < lengthBytes
                && received.get(orderedBytes / PeerMessageCodec.BLOCK_BYTES)) {
            ByteBuffer block = readBack(orderedBytes);
            orderedBytes += block.remaining();
            digest.inOrder(block);
        }
    }

    /// Hashes the blocks of an earlier run, each on its own (v2).
    private void hashEarlier() throws IOException {
        while (digest.needsBlocks() && !unhashed.isEmpty()) {
            int block = unhashed.nextSetBit(0);
            int begin = block * PeerMessageCodec.BLOCK_BYTES;
            digest.block(begin, readBack(begin));
            unhashed.clear(block);
        }
    }

    private ByteBuffer readBack(int begin) throws IOException {
        int length = Math.min(PeerMessageCodec.BLOCK_BYTES, lengthBytes - begin);
        ByteBuffer block = ByteBuffer.allocate(length);
        store.read(position + begin, block);
        return block.flip();
    }
}
