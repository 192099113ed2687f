package dev.thistle.engine.torrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who sent which block of pieces that failed. Once such a piece is right, the blocks that differ
/// from the right ones tell exactly who lied, and nobody else suffers (libtorrent's smart ban).
///
/// Pure; owned by the torrent's thread.
final class Suspicions {

    /// Pieces remembered; the oldest is forgotten. Each takes some bytes a block.
    static final int MAX_PIECES = 64;

    private record Block(int number, Sender sender, long digest) {}

    private final Map<Integer, List<Block>> byPiece = new LinkedHashMap<>();

    /// A piece failed. What it was made of in earlier attempts is remembered as well.
    ///
    /// @param senders by block; null where the sender is not known
    /// @param digests by block
    void failed(int piece, @Nullable Sender[] senders, long[] digests) {
        List<Block> blocks = byPiece.computeIfAbsent(piece, _ -> new ArrayList<>());
        for (int i = 0; i < Math.min(senders.length, digests.length); i++) {
            Sender sender = senders[i];
            if (sender != null && blocks.size() < 4 * digests.length) {
                blocks.add(new Block(i, sender, digests[i]));
            }
        }
        if (byPiece.size() > MAX_PIECES) {
            byPiece.remove(byPiece.keySet().iterator().next());
        }
    }

    boolean isSuspect(int piece) {
        return byPiece.containsKey(piece);
    }

    /// The piece is right now.
    ///
    /// @param digests of the right blocks
    /// @return who sent other ones before
    Set<Sender> verified(int piece, long[] digests) {
        var liars = new LinkedHashSet<Sender>();
        List<Block> blocks = byPiece.remove(piece);
        if (blocks != null) {
            for (Block block : blocks) {
                if (block.number() < digests.length && block.digest() != digests[block.number()]) {
                    liars.add(block.sender());
                }
            }
        }
        return liars;
    }
}
