package dev.thistle.engine.torrent;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.MerkleTree;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The trees from which hashes were answered last, so that peers which ask of several files by
/// turns do not have them built each time. Bounded in bytes, the least used goes first; nothing is
/// kept of a torrent that nobody asks. Owned by the torrent's thread.
final class RecentTrees {

    /// Of one torrent: 16 files of 4,000 pieces. A tree that is larger is kept alone.
    static final long MAX_BYTES = 4 << 20;

    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Kept(MerkleTree tree, long bytes) {}

    private final LinkedHashMap<Sha256, Kept> byRoot = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private boolean isUsed;
    private long lastUseNanos;

    /// The tree with this root.
    ///
    /// @param build makes it, if it is not kept
    MerkleTree get(Sha256 root, Supplier<MerkleTree> build) {
        isUsed = true;
        Kept kept = byRoot.get(root);
        if (kept != null) {
            return kept.tree();
        }
        MerkleTree tree = build.get();
        long size = 2L * tree.layer(tree.baseLevel()).count() * Sha256.BYTES;
        byRoot.put(root, new Kept(tree, size));
        bytes += size;
        while (bytes > MAX_BYTES && byRoot.size() > 1) {
            bytes -= byRoot.pollFirstEntry().getValue().bytes();
        }
        return tree;
    }

    /// Whether the tree with this root need not be built.
    boolean isKept(Sha256 root) {
        return byRoot.containsKey(root);
    }

    /// Forgets all when nobody has asked for a while.
    void tick(long nowNanos) {
        if (isUsed) {
            isUsed = false;
            lastUseNanos = nowNanos;
        } else if (nowNanos - lastUseNanos > KEPT_NANOS && !byRoot.isEmpty()) {
            byRoot.clear();
            bytes = 0;
        }
    }

    long bytes() {
        return bytes;
    }
}
