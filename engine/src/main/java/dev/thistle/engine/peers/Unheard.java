package dev.thistle.engine.peers;

import dev.thistle.engine.peers.PeerEvent.Utterance;
import dev.thistle.engine.pieces.PieceAssembly.Outcome;
import java.util.ArrayList;
import java.util.List;

/// What one peer said that its torrent need not hear of at once: blocks that went well and end no
/// piece. While enough of what was asked for is still to come they wait here for more of their
/// kind, since waking the torrent's thread for each read costs more than what it then does
/// (`bench/baselines/clients.md`).
///
/// Thread-safe: the connection's reader adds and takes what is due, the torrent's thread takes what
/// is left at each beat.
final class Unheard {

    /// 1 MiB in blocks; the torrent asks for as many at once.
    static final int MOST = 64;

    /// Of the blocks that are still to come as many may wait as one in so many of them, so that a
    /// peer never runs out of requests.
    static final int SHARE = 4;

    private List<Utterance> waiting = new ArrayList<>();

    /// Adds what one read brought.
    ///
    /// @param stillAsked blocks that are to come
    /// @return all that waited and this, in order, once it is due; else nothing
    synchronized List<Utterance> add(List<Utterance> heard, int stillAsked) {
        waiting.addAll(heard);
        boolean isFew = waiting.size() < Math.min(stillAsked / SHARE, MOST);
        return isFew && heard.stream().allMatch(Unheard::canWait) ? List.of() : takeAll();
    }

    /// Takes all that waits.
    synchronized List<Utterance> takeAll() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Utterance> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }

    private static boolean canWait(Utterance utterance) {
        return utterance instanceof Utterance.Delivered block && block.outcome() == Outcome.STORED;
    }
}
