package dev.thistle.engine.pieces;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/// How many peers have each piece, kept so that the rarest wanted one is found at once.
///
/// All pieces stand in one array, sorted by bucket; bucket 0 holds the pieces that nobody needs to
/// pick any more, bucket `a + 1` those that `a` peers have. A change by one swaps the piece with
/// the edge of its bucket and moves the edge, so it costs the same whatever the torrent's size.
/// Peers that have everything raise all pieces alike and are only counted.
///
///     order   [ done … | 0 peers … | 1 peer … | 2 peers … ]
///             edge[0]  edge[1]     edge[2]    edge[3]
///
/// This is libtorrent's idea, without its priorities. Not thread-safe: the torrent's thread owns
/// it.
final class Availability {

    private final int[] peers;
    private final int[] bucket;
    private final int[] order;
    private final int[] place;
    private final RandomGenerator random;

    /// `edge[b]` is the place of the first piece of bucket `b`; the last entry is the piece count.
    private int[] edge;

    private int seeds;

    Availability(int pieceCount, RandomGenerator random) {
        this.random = random;
        peers = new int[pieceCount];
        bucket = new int[pieceCount];
        order = new int[pieceCount];
        place = new int[pieceCount];
        edge = new int[] {0, 0, pieceCount};
        Arrays.fill(bucket, 1);
        for (int i = 0; i < pieceCount; i++) { // an inside-out shuffle: equals come in random order
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        for (int i = 0; i < pieceCount; i++) {
            place[order[i]] = i;
        }
    }

    void gained(int piece) {
        peers[piece]++;
        if (bucket[piece] != 0) {
            moveTo(piece, peers[piece] + 1);
        }
    }

    void lost(int piece) {
        peers[piece]--;
        if (bucket[piece] != 0) {
            moveTo(piece, peers[piece] + 1);
        }
    }

    void gained(BitSet pieces) {
        if (pieces.cardinality() == order.length) {
            seeds++;
        } else {
            pieces.stream().forEach(this::gained);
        }
    }

    /// Takes back what [#gained(BitSet)] or single calls counted for a peer.
    ///
    /// @param asSeed whether the peer was counted as one that has everything
    void lost(BitSet pieces, boolean asSeed) {
        if (asSeed) {
            seeds--;
        } else {
            pieces.stream().forEach(this::lost);
        }
    }

    /// Peers that have `piece`, those that have everything included.
    int of(int piece) {
        return peers[piece] + seeds;
    }

    /// `piece` is had or under way: [#rarest] does not offer it.
    void settle(int piece) {
        moveTo(piece, 0);
    }

    /// `piece` is wanted again.
    void unsettle(int piece) {
        moveTo(piece, peers[piece] + 1);
    }

    /// The rarest piece that nobody picked yet and that `fits`, or -1. Equals are tried from a
    /// random one on, so that peers with the same view of the swarm do not all fetch the same
    /// piece.
    int rarest(IntPredicate fits) {
        for (int b = 1; b + 1 < edge.length; b++) {
            int size = edge[b + 1] - edge[b];
            if (size > 0) {
                int from = random.nextInt(size);
                for (int i = 0; i < size; i++) {
                    int piece = order[edge[b] + (from + i) % size];
                    if (fits.test(piece)) {
                        return piece;
                    }
                }
            }
        }
        return -1;
    }

    private void moveTo(int piece, int target) {
        while (edge.length <= target + 1) {
            int last = edge[edge.length - 1];
            edge = Arrays.copyOf(edge, edge.length + 1);
            edge[edge.length - 1] = last;
        }
        while (bucket[piece] < target) {
            int from = bucket[piece];
            swap(place[piece], --edge[from + 1]);
            bucket[piece]++;
        }
        while (bucket[piece] > target) {
            int from = bucket[piece];
            swap(place[piece], edge[from]++);
            bucket[piece]--;
        }
    }

    private void swap(int a, int b) {
        int piece = order[a];
        order[a] = order[b];
        order[b] = piece;
        place[order[a]] = a;
        place[order[b]] = b;
    }
}
