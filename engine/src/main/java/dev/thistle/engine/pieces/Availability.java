package dev.thistle.engine.pieces;

import dev.thistle.engine.settings.Priority;
import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How many peers have each piece, and which of the pieces that still wait to be picked is to come
/// next: of the highest priority, and there the rarest, the first or any.
///
/// A piece waits until it is settled: had already, or under way. Pieces of priority 0 never wait.
/// Peers that have everything raise all pieces alike and are only counted, so that a new seed costs
/// nothing.
///
/// Not thread-safe: the torrent's thread owns it.
final class Availability {

    private final int[] peers;
    private final byte[] level;
    private final BitSet settled;
    private final int[] place;
    private final RandomGenerator random;
    private final @Nullable RarityOrder[] orders = new RarityOrder[Priority.MAX_LEVEL + 1];
    private int seeds;
    private int waiting;

    /// All pieces wait, at the usual priority.
    Availability(int pieceCount, RandomGenerator random) {
        this.random = random;
        peers = new int[pieceCount];
        place = new int[pieceCount];
        settled = new BitSet(pieceCount);
        level = new byte[pieceCount];
        Arrays.fill(level, (byte) Priority.NORMAL.level());
        for (int piece : shuffled(pieceCount, random)) { // equals shall stand in random order
            enter(piece);
        }
    }

    private static int[] shuffled(int pieceCount, RandomGenerator random) {
        var pieces = new int[pieceCount];
        for (int i = 0; i < pieceCount; i++) {
            int j = random.nextInt(i + 1);
            pieces[i] = pieces[j];
            pieces[j] = i;
        }
        return pieces;
    }

    void gained(int piece) {
        if (waits(piece)) {
            order(level[piece]).gained(piece, peers[piece]);
        }
        peers[piece]++;
    }

    void lost(int piece) {
        if (waits(piece)) {
            order(level[piece]).lost(piece, peers[piece]);
        }
        peers[piece]--;
    }

    void gained(BitSet pieces) {
        if (pieces.cardinality() == peers.length) {
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

    /// A peer that counts as one that has everything will lose pieces, one by one.
    void seedNoMore() {
        seeds--;
        for (int piece = 0; piece < peers.length; piece++) {
            gained(piece);
        }
    }

    /// Peers that have `piece`, those that have everything included.
    int of(int piece) {
        return peers[piece] + seeds;
    }

    /// `piece` is had or under way: it waits no more.
    void settle(int piece) {
        if (waits(piece)) {
            leave(piece);
        }
        settled.set(piece);
    }

    /// `piece` waits again.
    void unsettle(int piece) {
        if (settled.get(piece)) {
            settled.clear(piece);
            if (waits(piece)) {
                enter(piece);
            }
        }
    }

    /// @param newLevel of [Priority]
    void prioritise(int piece, int newLevel) {
        if (level[piece] == newLevel) {
            return;
        }
        if (waits(piece)) {
            leave(piece);
        }
        level[piece] = (byte) newLevel;
        if (waits(piece)) {
            enter(piece);
        }
    }

    boolean isWanted(int piece) {
        return level[piece] > 0;
    }

    /// How many pieces wait.
    int waiting() {
        return waiting;
    }

    /// The rarest of the most wanted pieces that wait, among `pieces`; or -1. Equals come in random
    /// order, so that peers with the same view of the swarm do not all fetch the same piece.
    int rarest(BitSet pieces) {
        return best(order -> order.rarest(pieces, peers));
    }

    /// The first of the most wanted pieces that wait, among `pieces`; or -1.
    int first(BitSet pieces) {
        return best(order -> order.first(pieces));
    }

    /// Any of the most wanted pieces that wait, among `pieces`; or -1.
    int any(BitSet pieces) {
        return best(order -> order.any(pieces));
    }

    private interface Choice {
        int of(RarityOrder order);
    }

    private int best(Choice choice) {
        for (int l = Priority.MAX_LEVEL; l > 0; l--) {
            RarityOrder order = orders[l];
            int piece = order == null ? -1 : choice.of(order);
            if (piece >= 0) {
                return piece;
            }
        }
        return -1;
    }

    private boolean waits(int piece) {
        return level[piece] > 0 && !settled.get(piece);
    }

    private void enter(int piece) {
        order(level[piece]).add(piece, peers[piece]);
        waiting++;
    }

    private void leave(int piece) {
        order(level[piece]).remove(piece, peers[piece]);
        waiting--;
    }

    /// Most torrents use one level only, so the others are not made before they are needed.
    private RarityOrder order(int l) {
        RarityOrder order = orders[l];
        if (order == null) {
            order = new RarityOrder(place, random);
            orders[l] = order;
        }
        return order;
    }
}
