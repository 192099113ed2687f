package dev.thistle.engine.torrent;

import dev.thistle.engine.pieces.PieceCheck;
import dev.thistle.engine.pieces.PieceCheck.Found;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Pieces that were in the store at the start and could not be judged then: after a magnet link to
/// a v2 torrent the layers of its files come later. Such a piece stays in doubt and nobody is asked
/// for it; once its hash is known it is read and hashed, a portion at a time, on a thread beside
/// the torrent's. Owned by the torrent's thread.
final class LateCheck {

    /// Looked at before the torrent hears of it: a second's work of a slow disk.
    private static final long PORTION_BYTES = 64 << 20;

    private final Metainfo metainfo;
    private final KnownHashes known;
    private final PieceStore store;
    private final Consumer<TorrentEvent.LateChecked> torrent;
    private final BitSet inDoubt = new BitSet();
    private boolean isRunning;
    private volatile boolean isCancelled;

    /// @param torrent told of each portion, on a thread that may block for it
    LateCheck(
            Metainfo metainfo,
            KnownHashes known,
            PieceStore store,
            Consumer<TorrentEvent.LateChecked> torrent) {
        this.metainfo = metainfo;
        this.known = known;
        this.store = store;
        this.torrent = torrent;
    }

    /// These are in the store, whatever they are. Before the first peer comes.
    void begin(BitSet pieces) {
        inDoubt.or(pieces);
        goOn();
    }

    /// Whether there are pieces that nobody may be asked for yet.
    boolean withholdsAny() {
        return !inDoubt.isEmpty() || !known.areComplete();
    }

    /// Takes out of `pieces` those that nobody may be asked for yet.
    void withhold(BitSet pieces) {
        pieces.andNot(known.unverifiable());
        pieces.andNot(inDoubt);
    }

    /// The blocks of pieces in doubt: all of them. As that they are remembered, and in doubt again
    /// in the next run.
    Map<Integer, BitSet> blocks() {
        var blocks = new HashMap<Integer, BitSet>();
        inDoubt.stream()
                .forEach(piece -> {
                    var all = new BitSet();
                    int bytes = metainfo.pieceLengthBytes(piece);
                    all.set(0, Math.ceilDiv(bytes, PeerMessageCodec.BLOCK_BYTES));
                    blocks.put(piece, all);
                });
        return blocks;
    }

    /// Looks at what can be judged by now, unless it is busy with that.
    void goOn() {
        BitSet next = portion();
        if (!isRunning && !isCancelled && !next.isEmpty()) {
            isRunning = true;
            Thread.ofVirtual().name("late-check").start(() -> torrent.accept(look(next)));
        }
    }

    private BitSet portion() {
        var pieces = (BitSet) inDoubt.clone();
        pieces.andNot(known.unverifiable());
        var portion = new BitSet();
        long left = PORTION_BYTES;
        for (int piece = pieces.nextSetBit(0);
                piece >= 0 && left > 0;
                piece = pieces.nextSetBit(piece + 1)) {
            portion.set(piece);
            left -= metainfo.pieceLengthBytes(piece);
        }
        return portion;
    }

    private TorrentEvent.LateChecked look(BitSet pieces) {
        try {
            var check = new PieceCheck(metainfo, known.layers(), store);
            Found found = check.run(pieces, _ -> {}, () -> isCancelled);
            return new TorrentEvent.LateChecked(pieces, found, Optional.empty());
        } catch (IOException failed) {
            return nothing(pieces, String.valueOf(failed.getMessage()));
        } catch (RuntimeException | OutOfMemoryError bug) {
            return nothing(pieces, "internal error: " + bug);
        }
    }

    private static TorrentEvent.LateChecked nothing(BitSet pieces, String why) {
        var found = new Found(new BitSet(), pieces);
        return new TorrentEvent.LateChecked(pieces, found, Optional.of(why));
    }

    /// A portion is done: what is right of it is there, and what is not may be asked for.
    void looked(TorrentEvent.LateChecked portion) {
        isRunning = false;
        isCancelled |= portion.failure().isPresent();
        inDoubt.andNot(portion.looked());
        inDoubt.or(portion.found().inDoubt());
    }

    /// Begins no more, and ends what is under way after the piece it is at; [#isRunning] says when.
    void cancel() {
        isCancelled = true;
    }

    boolean isRunning() {
        return isRunning;
    }
}
