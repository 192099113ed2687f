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
import java.util.function.IntPredicate;

/// Answers every `hash request` (BEP 52): from piece layers what lies at or above them, from
/// verified data, read and hashed anew on a thread of its own, what lies below; with a reject what
/// cannot be answered or would be too much work, for the one request or for all of the peer's.
/// Owned by the torrent's thread.
final class HashServer {

    /// What a peer may have hashed or sent in answers at once, in blocks: 64 MiB, or the layers of
    /// two million pieces.
    static final int BURST_BLOCKS = 4096;

    /// And what it may with every second: 4 MiB.
    static final int BLOCKS_PER_SECOND = 256;

    /// Requests that read data at the same time.
    private static final int MAX_READING = 4;

    /// Requests of one peer that wait to be read for.
    private static final int MAX_WAITING = 16;

    /// What hashing a block takes, in hashes of a tree.
    private static final int HASHES_PER_BLOCK = TreeShape.BLOCK_BYTES / (2 * Sha256.BYTES);

    /// Blocks read for one request, unless one piece has more: 16 MiB.
    private static final int MAX_BLOCKS = 1024;

    private static final int CHUNK_BYTES = 16 * TreeShape.BLOCK_BYTES;

    private final Metainfo metainfo;
    private final PieceStore store;
    private final KnownHashes known;
    private final IntPredicate has;
    private final Map<Sha256, FileEntry> files = new HashMap<>();
    private final WorkInTurns reading = new WorkInTurns("hashes", MAX_READING, MAX_WAITING);

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
    void requested(Peer from, HashRange range, long nowNanos) {
        PeerConnection peer = from.connection;
        Sha256 root = Sha256.read(range.root().asBuffer());
        FileEntry file = files.get(root);
        var wanted =
                new LayerRange(
                        range.baseLayer(), range.index(), range.length(), range.proofLayers());
        if (file == null
                || !wanted.fits(TreeShape.ofFile(file.lengthBytes()))
                || !from.hashWork.pass(work(wanted, root, file), nowNanos)) {
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

    /// What an answer takes, in blocks hashed or sent.
    private int work(LayerRange wanted, Sha256 root, FileEntry file) {
        int perPiece = metainfo.pieceLengthBytes() / TreeShape.BLOCK_BYTES;
        long pieces = file.lengthBytes() / metainfo.pieceLengthBytes();
        int built = trees.isKept(root) ? 0 : (int) (pieces / HASHES_PER_BLOCK);
        boolean isKnown =
                pieces > 0 && wanted.level() >= TreeShape.pieceLevel(metainfo.pieceLengthBytes());
        long read = isKnown ? 0 : Math.max((long) wanted.length() << wanted.level(), perPiece);
        return 1 + built + (int) Math.min(read, Math.max(MAX_BLOCKS, perPiece));
    }

    /// A peer is gone.
    void left(Peer peer) {
        reading.forget(peer.connection);
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
        if (!isThere || blocks > Math.max(MAX_BLOCKS, perPiece)) {
            peer.say(new PeerMessage.HashReject(range));
            return;
        }
        int height =
                above.isPresent()
                        ? TreeShape.pieceLevel(metainfo.pieceLengthBytes())
                        : TreeShape.ofFile(file.lengthBytes()).height();
        boolean isTaken =
                reading.add(
                        peer,
                        () -> {
                            try {
                                MerkleTree below = MerkleTree.over(leaves(first, end), height);
                                long leaf = (long) (first - filePiece) * perPiece;
                                peer.say(
                                        answer(
                                                range,
                                                wanted.answer(below, leaf, above.orElse(below))));
                            } catch (IOException failed) { // whoever reads for a block tells of it
                                peer.say(new PeerMessage.HashReject(range));
                            }
                        });
        if (!isTaken) {
            peer.say(new PeerMessage.HashReject(range));
        }
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
