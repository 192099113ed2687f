package dev.thistle.engine.torrent;

import dev.thistle.protocol.peer.PeerMessage;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// The first seed's way to get a torrent into a swarm with about one upload of it (BEP 16).
///
/// We say that we have nothing, and then show each peer one piece at a time, of those that nobody
/// else has or is shown. It is shown the next when another peer announces the last one: who passes
/// on gets most, and pieces that are on their way through the swarm are not fetched from us again.
/// A peer that is here alone has nobody to pass on to: it is shown two at a time, and the next when
/// it has one. Any other that is shown nothing for [#PATIENCE_NANOS] is shown the piece that is
/// rarest: it may have no way to those who have more.
///
/// What was shown may be asked for, and nothing else. Nobody is given an allowed-fast set, and
/// nobody is told that we are upload-only: both would say what is hidden.
///
/// Owned by the torrent's thread.
final class SuperSeeding {

    /// A piece on its way from a peer to another one takes less, or the peer is of no use.
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// What one peer was shown.
    static final class Shown {
        private final BitSet pieces = new BitSet();

        /// Those that nobody else has announced since.
        private final BitSet open = new BitSet();

        private long lastNanos;

        /// Nothing so far, to a peer that came at this time.
        Shown(long nowNanos) {
            lastNanos = nowNanos;
        }
    }

    private final Swarm swarm;
    private final RandomGenerator random;

    /// For each piece how many peers have it, or lack it and are shown it.
    private int[] copies = {};

    private int withoutCopy;
    private boolean isOn;

    SuperSeeding(Swarm swarm, RandomGenerator random) {
        this.swarm = swarm;
        this.random = random;
    }

    /// From now on pieces are hidden. Before the first peer comes.
    void begin(int pieceCount) {
        copies = new int[pieceCount];
        withoutCopy = pieceCount;
        isOn = true;
    }

    boolean isOn() {
        return isOn;
    }

    /// Whether `peer` may ask for `piece`.
    boolean isShown(Peer peer, int piece) {
        return !isOn || peer.shown.pieces.get(piece);
    }

    /// A peer told at once what it has: what it was shown in vain before is replaced.
    ///
    /// @param news what it had not told before
    void announced(Peer peer, BitSet news, long nowNanos) {
        if (isOn) {
            news.stream().forEach(piece -> hasNow(peer, piece, nowNanos));
            peer.shown.open.andNot(news);
            showMore(peer, nowNanos);
        }
    }

    /// A peer announced one more piece: whoever was shown it has passed it on, perhaps.
    void gained(Peer peer, int piece, long nowNanos) {
        if (isOn) {
            hasNow(peer, piece, nowNanos);
            showMore(peer, nowNanos);
        }
    }

    private void hasNow(Peer peer, int piece, long nowNanos) {
        if (!peer.shown.open.get(piece)) {
            count(piece, 1);
        }
        if (peer.shown.pieces.get(piece)) {
            return; // it has it from us
        }
        for (Peer other : swarm.all()) {
            if (other != peer && other.shown.open.get(piece)) {
                close(other, piece);
                showMore(other, nowNanos);
            }
        }
    }

    private void close(Peer peer, int piece) {
        peer.shown.open.clear(piece);
        if (!peer.pieces.get(piece)) {
            count(piece, -1);
        }
    }

    private void count(int piece, int change) {
        withoutCopy -= copies[piece] == 0 ? 1 : 0;
        copies[piece] += change;
        withoutCopy += copies[piece] == 0 ? 1 : 0;
    }

    /// A peer no longer has a piece that it had announced.
    void lost(Peer peer, int piece) {
        if (isOn && !peer.shown.open.get(piece)) {
            count(piece, -1);
        }
    }

    /// A peer is gone, with what it had and was shown.
    void left(Peer peer) {
        if (isOn) {
            var gone = (BitSet) peer.pieces.clone();
            gone.or(peer.shown.open);
            gone.stream().forEach(piece -> count(piece, -1));
        }
    }

    /// Looks whether it is time to show `peer` another piece.
    void tick(Peer peer, long nowNanos) {
        if (isOn) {
            showMore(peer, nowNanos);
        }
    }

    private void showMore(Peer peer, long nowNanos) {
        Shown shown = peer.shown;
        boolean isAlone = swarm.size() == 1;
        boolean isLate = nowNanos - shown.lastNanos > PATIENCE_NANOS;
        if (isAlone) {
            shown.open.andNot(peer.pieces);
        } else if (isLate) {
            for (int piece : shown.open.stream().toArray()) {
                close(peer, piece);
            }
        }
        while (shown.open.cardinality() < (isAlone ? 2 : 1)
                && (withoutCopy > 0 || isAlone || isLate)) {
            int piece = rarestFor(peer);
            if (piece < 0 || (copies[piece] > 0 && !isAlone && !isLate)) {
                return;
            }
            count(piece, 1);
            shown.pieces.set(piece);
            shown.open.set(piece);
            shown.lastNanos = nowNanos;
            peer.connection.say(new PeerMessage.Have(piece));
        }
    }

    /// A piece of which there are fewest copies, among those that the peer lacks and was not shown;
    /// negative if there is none.
    private int rarestFor(Peer peer) {
        int start = random.nextInt(copies.length);
        int rarest = -1;
        for (int i = 0; i < copies.length; i++) {
            int piece = (start + i) % copies.length;
            if ((rarest < 0 || copies[piece] < copies[rarest])
                    && !peer.pieces.get(piece)
                    && !peer.shown.pieces.get(piece)) {
                rarest = piece;
            }
        }
        return rarest;
    }
}
