package dev.thistle.engine.pieces;

import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/// Pieces of one priority that wait to be picked, kept so that the rarest is found at once.
///
/// All stand in one array, sorted by bucket: bucket `a` holds the pieces that `a` peers have. A
/// change by one swaps the piece with the edge of its bucket and moves the edge, so it costs the
/// same whatever the torrent's size.
///
///     order   [ 0 peers … | 1 peer … | 2 peers … ]
///             edge[0]     edge[1]    edge[2]      edge[3] = size
///
/// This is libtorrent's idea. Not thread-safe: the torrent's thread owns it.
final class RarityOrder {

    /// So many places are looked at from the rarest on, where a peer that has most pieces finds one
    /// at once. A peer that lacks the rare ones is served by looking at each piece it has.
    private static final int MAX_WALK = 256;

    private final RandomGenerator random;
    private final BitSet members = new BitSet();
    private final BitSet candidates = new BitSet();
    private int[] order = new int[16];

    /// Where each piece stands in [#order]; shared by all orders, as a piece is in one at most.
    private final int[] place;

    /// `edge[b]` is the place of the first piece of bucket `b`; the last entry is the size.
    private int[] edge = {0, 0};

    RarityOrder(int[] place, RandomGenerator random) {
        this.place = place;
        this.random = random;
    }

    int size() {
        return edge[edge.length - 1];
    }

    void add(int piece, int peers) {
        if (order.length == size()) {
            order = Arrays.copyOf(order, 2 * order.length);
        }
        reach(peers);
        order[size()] = piece;
        place[piece] = size();
        edge[edge.length - 1]++;
        members.set(piece);
        for (int bucket = edge.length - 2; bucket > peers; bucket--) {
            lower(piece, bucket);
        }
    }

    /// Raised out of the last bucket, the piece stands behind the end.
    void remove(int piece, int peers) {
        for (int bucket = peers; bucket < edge.length - 1; bucket++) {
            raise(piece, bucket);
        }
        members.clear(piece);
    }

    /// One more peer than `peers` has `piece`.
    void gained(int piece, int peers) {
        reach(peers + 1);
        raise(piece, peers);
    }

    /// One peer less than `peers` has `piece`.
    void lost(int piece, int peers) {
        lower(piece, peers);
    }

    /// The rarest one among `pieces`, or -1; of equals any.
    ///
    /// @param peers how many peers have each piece
    int rarest(BitSet pieces, int[] peers) {
        if (candidates(pieces) == 0) {
            return -1;
        }
        int near = rarestNearTheStart();
        return near >= 0 ? near : rarestOfAll(peers);
    }

    /// The first one among `pieces`, or -1.
    int first(BitSet pieces) {
        return candidates(pieces) == 0 ? -1 : candidates.nextSetBit(0);
    }

    /// Any one among `pieces`, or -1.
    int any(BitSet pieces) {
        if (candidates(pieces) == 0) {
            return -1;
        }
        int from = candidates.nextSetBit(random.nextInt(candidates.length()));
        return from < 0 ? candidates.nextSetBit(0) : from;
    }

    /// @return how many of `pieces` wait here
    private int candidates(BitSet pieces) {
        candidates.clear();
        candidates.or(members);
        candidates.and(pieces);
        return candidates.cardinality();
    }

    private int rarestNearTheStart() {
        int left = MAX_WALK;
        for (int b = 0; b + 1 < edge.length; b++) {
            int size = edge[b + 1] - edge[b];
            int from = size > 0 ? random.nextInt(size) : 0;
            for (int i = 0; i < size; i++) {
                int piece = order[edge[b] + (from + i) % size];
                if (candidates.get(piece)) {
                    return piece;
                }
                if (--left == 0) {
                    return -1;
                }
            }
        }
        return -1;
    }

    private int rarestOfAll(int[] peers) {
        int best = -1;
        int equals = 0;
        for (int piece = candidates.nextSetBit(0);
                piece >= 0;
                piece = candidates.nextSetBit(piece + 1)) {
            if (best < 0 || peers[piece] < peers[best]) {
                best = piece;
                equals = 1;
            } else if (peers[piece] == peers[best] && random.nextInt(++equals) == 0) {
                best = piece;
            }
        }
        return best;
    }

    private void reach(int bucket) {
        while (edge.length < bucket + 2) {
            int size = size();
            edge = Arrays.copyOf(edge, edge.length + 1);
            edge[edge.length - 1] = size;
        }
    }

    private void raise(int piece, int bucket) {
        swap(place[piece], --edge[bucket + 1]);
    }

    private void lower(int piece, int bucket) {
        swap(place[piece], edge[bucket]++);
    }

    private void swap(int a, int b) {
        int piece = order[a];
        order[a] = order[b];
        order[b] = piece;
        place[order[a]] = a;
        place[order[b]] = b;
    }
}
