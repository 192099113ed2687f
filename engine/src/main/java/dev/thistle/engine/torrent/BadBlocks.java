package dev.thistle.engine.torrent;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.LayerRange;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.HashRange;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Which blocks of a failed piece were bad, and who sent them: where a torrent has trees of hashes
/// (BEP 52), somebody who has the piece is asked for the hashes of its blocks, and they tell at
/// once. A piece that is right before the answer comes is forgotten; then [Suspicions] have told.
///
/// Owned by the torrent's thread.
final class BadBlocks {

    /// Failed pieces remembered; the oldest is forgotten.
    static final int MAX_PIECES = 16;

    private final Metainfo metainfo;
    private final HashRequests requests;
    private final BiConsumer<Sender, String> ban;
    private final Map<Integer, HashRange> asked = new LinkedHashMap<>();

    /// @param ban hears who sent a bad block, and which
    BadBlocks(Metainfo metainfo, HashRequests requests, BiConsumer<Sender, String> ban) {
        this.metainfo = metainfo;
        this.requests = requests;
        this.ban = ban;
    }

    /// A piece failed. If only one sender had part in it, there is nothing to find out.
    ///
    /// @param senders by block; null where the sender is not known
    /// @param found the hashes of the blocks that came
    void failed(int piece, @Nullable Sender[] senders, HashLayer found) {
        int length = Math.max(2, Integer.highestOneBit(2 * found.count() - 1)); // a power of two
        var known = new HashSet<Sender>();
        for (Sender sender : senders) {
            if (sender != null) {
                known.add(sender);
            }
        }
        if (known.size() < 2 || length > LayerRange.MAX_LENGTH) {
            return;
        }
        verified(piece);
        if (asked.size() == MAX_PIECES) {
            verified(asked.keySet().iterator().next());
        }
        HashRange range = range(piece, length);
        asked.put(piece, range);
        requests.want(
                range,
                peer -> peer.pieces.get(piece),
                right -> {
                    asked.remove(piece);
                    compare(piece, senders, found, right);
                });
    }

    private HashRange range(int piece, int length) {
        FileEntry file = metainfo.fileAt(piece);
        long begin = (long) piece * metainfo.pieceLengthBytes() - file.position();
        LayerRange range =
                LayerRange.proven(
                        TreeShape.ofFile(file.lengthBytes()),
                        0,
                        Math.toIntExact(begin / TreeShape.BLOCK_BYTES),
                        length);
        Sha256 root = file.piecesRoot().orElseThrow();
        return new HashRange(
                ByteString.of(root.bytes()),
                range.level(),
                range.index(),
                range.length(),
                range.proofLayers());
    }

    private void compare(int piece, @Nullable Sender[] senders, HashLayer found, ByteBuffer right) {
        for (int block = 0; block < Math.min(senders.length, found.count()); block++) {
            Sender sender = senders[block];
            boolean isRight = found.hash(block).equals(Sha256.read(right));
            if (!isRight && sender != null) {
                ban.accept(sender, "sent a bad block %d of piece %d".formatted(block, piece));
            }
        }
    }

    /// The piece is right now, or nobody cares any more.
    void verified(int piece) {
        HashRange range = asked.remove(piece);
        if (range != null) {
            requests.forget(range);
        }
    }
}
