package dev.thistle.engine.torrent;

import dev.thistle.engine.peers.PeerConnection;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.LayerRange;
import dev.thistle.protocol.merkle.MerkleTree;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.PieceDigest;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.IntPredicate;

/// Answers every `hash request` (BEP 52): from piece layers what lies at or above them, from
/// verified data, read and hashed anew on a thread of its own, what lies below; with a reject what
/// cannot be answered or would be too much work. Owned by the torrent's thread.
final class HashServer {

    /// Requests that read data at the same time; more are rejected, so that nobody can make us hash
    /// without end.
    private static final int MAX_READING = 4;

    /// Blocks read for one request, unless one piece has more: 16 MiB.
    private static final int MAX_BLOCKS = 1024;

    private static final int CHUNK_BYTES = 16 * TreeShape.BLOCK_BYTES;

    private final Metainfo metainfo;
    private final PieceStore store;
    private final KnownHashes known;
    private final IntPredicate has;
    private final Map<Sha256, FileEntry> files = new HashMap<>();
    private final Semaphore reading = new Semaphore(MAX_READING);

    /// Trees above piece layers.
    private final RecentTrees trees = new RecentTrees();

    /// @param has which pieces are verified
    HashServer(Metainfo metainfo, PieceStore store, KnownHashes known, IntPredicate has) {
        this.metainfo = metainfo;
        this.store = store;
        this.known = known;
        this.has = has;
        for (FileEntry file : metainfo.files()) {
            file.piecesRoot().ifPresent(root -> files.putIfAbsent(root, file));
        }
    }

    /// Says the hashes, now or soon, or that there will be none.
    void requested(PeerConnection peer, HashRange range) {
        Sha256 root = Sha256.read(range.root().asBuffer());
        FileEntry file = files.get(root);
        var wanted =
                new LayerRange(
                        range.baseLayer(), range.index(), range.length(), range.proofLayers());
        if (file == null || !wanted.fits(TreeShape.ofFile(file.lengthBytes()))) {
            peer.say(new PeerMessage.HashReject(range));
            return;
        }
        int pieceLevel = TreeShape.pieceLevel(metainfo.pieceLengthBytes());
        boolean isOnePiece = file.lengthBytes() <= metainfo.pieceLengthBytes();
        Optional<MerkleTree> above = isOnePiece ? Optional.empty() : tree(root, file);
        if (above.isPresent() && wanted.level() >= pieceLevel) {
            peer.say(answer(range, wanted.answer(above.get(), 0, above.get())));
        } else if (!isOnePiece && above.isEmpty()) {
            peer.say(new PeerMessage.HashReject(range));
        } else {
            read(peer, range, wanted, file, above);
        }
    }

    /// Time has passed.
    void tick(long nowNanos) {
        trees.tick(nowNanos);
    }

    private static PeerMessage answer(HashRange range, ByteBuffer hashes) {
        byte[] bytes = new byte[hashes.remaining()];
        hashes.get(bytes);
        return new PeerMessage.Hashes(range, ByteString.of(bytes));
    }

    private Optional<MerkleTree> tree(Sha256 root, FileEntry file) {
        int height = TreeShape.ofFile(file.lengthBytes()).height();
        return known.layers()
                .of(root)
                .map(layer -> trees.get(root, () -> MerkleTree.over(layer, height)));
    }

    private void read(
            PeerConnection peer,
            HashRange range,
            LayerRange wanted,
            FileEntry file,
            Optional<MerkleTree> above) {
        int perPiece = metainfo.pieceLengthBytes() / TreeShape.BLOCK_BYTES;
        long firstBlock = (long) wanted.index() << wanted.level();
        long blocks = Math.max((long) wanted.length() << wanted.level(), perPiece);
        int filePiece = (int) (file.position() / metainfo.pieceLengthBytes());
        int first = filePiece + (int) (firstBlock / perPiece);
        int filePieces = (int) Math.ceilDiv(file.lengthBytes(), (long) metainfo.pieceLengthBytes());
        int end = (int) Math.min(first + blocks / perPiece, filePiece + filePieces);
        boolean isThere = true;
        for (int piece = first; piece < end; piece++) {
            isThere &= has.test(piece);
        }
        if (!isThere || blocks > Math.max(MAX_BLOCKS, perPiece) || !reading.tryAcquire()) {
            peer.say(new PeerMessage.HashReject(range));
            return;
        }
        int height =
                above.isPresent()
                        ? TreeShape.pieceLevel(metainfo.pieceLengthBytes())
                        : TreeShape.ofFile(file.lengthBytes()).height();
        Thread.ofVirtual()
                .name("hashes")
                .start(() -> {
                    try {
                        MerkleTree below = MerkleTree.over(leaves(first, end), height);
                        long leaf = (long) (first - filePiece) * perPiece;
                        peer.say(answer(range, wanted.answer(below, leaf, above.orElse(below))));
                    } catch (IOException failed) { // whoever reads for a block will tell of it
                        peer.say(new PeerMessage.HashReject(range));
                    } finally {
                        reading.release();
                    }
                });
    }

    /// All blocks of these pieces; only the last piece of a file may be short.
    private HashLayer leaves(int first, int end) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        int perPiece = metainfo.pieceLengthBytes() / TreeShape.BLOCK_BYTES;
        ByteBuffer leaves = ByteBuffer.allocate((end - first) * perPiece * Sha256.BYTES);
        for (int piece = first; piece < end; piece++) {
            var digest = new PieceDigest(metainfo, piece);
            long position = (long) piece * metainfo.pieceLengthBytes();
            int length = metainfo.pieceLengthBytes(piece);
            for (int done = 0; done < length; done += chunk.limit()) {
                chunk.clear().limit(Math.min(CHUNK_BYTES, length - done));
                store.read(position + done, chunk);
                digest.blocksInOrder(done, chunk.flip());
            }
            leaves.put(digest.blocks().asBuffer());
        }
        return HashLayer.of(0, leaves.flip());
    }
}
