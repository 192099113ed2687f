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
import java.util.Set;

/// Fetches the piece layers that a torrent lacks after a magnet link (BEP 52), 512 hashes a
/// request, from several peers. Without them v2 cannot verify its pieces; a hybrid can, but has
/// nothing to give to others. Owned by the torrent's thread.
final class LayerFetch {

    /// A layer of which parts are here.
    private final class Part {
        private final Sha256 root;
        private final int level;
        private final ByteBuffer hashes;
        private int missing;

        Part(Sha256 root, int level, int count) {
            this.root = root;
            this.level = level;
            hashes = ByteBuffer.allocate(count * Sha256.BYTES);
        }

        /// Takes the hashes from `index` on. Those behind the end of the file are left out.
        void keep(int index, ByteBuffer range) {
            int from = index * Sha256.BYTES;
            int bytes = Math.min(range.remaining(), hashes.capacity() - from);
            hashes.put(from, range, range.position(), bytes);
            missing--;
            if (missing == 0) {
                known.learn(root, HashLayer.of(level, hashes));
            }
        }
    }

    private final Metainfo metainfo;
    private final KnownHashes known;
    private final HashRequests requests;

    LayerFetch(Metainfo metainfo, KnownHashes known, HashRequests requests) {
        this.metainfo = metainfo;
        this.known = known;
        this.requests = requests;
    }

    /// Begins to ask for all that is missing.
    void begin() {
        if (metainfo.version().hasV2()) {
            int level = TreeShape.pieceLevel(metainfo.pieceLengthBytes());
            Set<Sha256> seen = new HashSet<>();
            for (FileEntry file : metainfo.files()) {
                if (!file.padding() && file.lengthBytes() > metainfo.pieceLengthBytes()) {
                    Sha256 root = file.piecesRoot().orElseThrow();
                    if (known.layers().of(root).isEmpty() && seen.add(root)) {
                        want(root, TreeShape.ofFile(file.lengthBytes()), level);
                    }
                }
            }
        }
    }

    private void want(Sha256 root, TreeShape shape, int level) {
        int count = (int) shape.count(level);
        var part = new Part(root, level, count);
        for (int index = 0; index < count; index += LayerRange.MAX_LENGTH) {
            int left = Math.min(LayerRange.MAX_LENGTH, count - index);
            int length = Math.max(2, Integer.highestOneBit(2 * left - 1)); // a power of two
            LayerRange range = LayerRange.proven(shape, level, index, length);
            part.missing++;
            int from = index;
            requests.want(
                    new HashRange(
                            ByteString.of(root.bytes()),
                            range.level(),
                            range.index(),
                            range.length(),
                            range.proofLayers()),
                    _ -> true,
                    hashes -> part.keep(from, hashes));
        }
    }
}
