package dev.thistle.engine.torrent;

import dev.thistle.protocol.peer.ExtensionMessage.PeersChanged;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a peer claimed to have before the number of pieces was known: at most a bit for each piece
/// that a torrent can have, 256 KiB; and of whom it told first, which must wait because the torrent
/// may turn out to be private (BEP 27). Owned by the torrent's thread.
final class EarlyClaims {

    private final BitSet pieces = new BitSet();
    private boolean all;
    private boolean any;
    private @Nullable PeersChanged exchange;

    void piece(int piece) {
        any = true;
        pieces.set(piece);
    }

    void pieces(BitSet claimed) {
        any = true;
        pieces.or(claimed);
    }

    void all() {
        any = true;
        all = true;
    }

    /// Only the first message is long; those after it tell of changes.
    void exchange(PeersChanged changed) {
        exchange = exchange == null ? changed : exchange;
    }

    Optional<PeersChanged> exchange() {
        return Optional.ofNullable(exchange);
    }

    /// Whether there was a claim at all, be it to have nothing.
    boolean isAny() {
        return any;
    }

    /// The claimed pieces, now that their number is known, and nothing when they are not of this
    /// torrent. Spare bits of the last byte of a bitfield do not count.
    Optional<BitSet> of(int pieceCount) {
        if (pieces.length() > Math.ceilDiv(pieceCount, 8) * 8) {
            return Optional.empty();
        }
        var claimed = (BitSet) pieces.clone();
        pieces.clear();
        if (all) {
            claimed.set(0, pieceCount);
        }
        claimed.clear(pieceCount, Math.max(pieceCount, claimed.length()));
        return Optional.of(claimed);
    }
}
