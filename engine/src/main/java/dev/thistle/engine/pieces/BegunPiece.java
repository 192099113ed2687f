package dev.thistle.engine.pieces;

import dev.thistle.engine.pieces.PiecePicker.Block;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What the [PiecePicker] knows of a piece under way: for each block whether it is free, asked (of
/// whom) or here (from whom). Two ints and two bits a block; only the endgame, where several peers
/// owe one block, needs more. Owned by the torrent's thread.
final class BegunPiece {

    /// The piece's first sender is gone; the next peer that can takes over.
    static final int NOBODY = -1;

    /// Peers too slow for a piece of their own work on it together.
    static final int EVERYBODY = -2;

    private static final int FREE = -1;

    /// Who sent what was there at the start: nobody who could be asked again.
    private static final int EARLIER_RUN = -2;

    final int index;
    int owner;

    private final int lengthBytes;

    /// The peer that was asked first, or [#FREE].
    private final int[] asked;

    /// The peer that delivered, or [#FREE].
    private final int[] sender;

    /// Further peers that were asked for a block, in the endgame.
    private final Map<Integer, List<Integer>> alsoAsked = new HashMap<>();

    private final BitSet free = new BitSet();

    /// Not here yet, whether asked for or not.
    private final BitSet missing = new BitSet();

    BegunPiece(int index, int lengthBytes, int owner) {
        this.index = index;
        this.lengthBytes = lengthBytes;
        this.owner = owner;
        int blocks = PieceAssembly.blockCount(lengthBytes);
        asked = new int[blocks];
        sender = new int[blocks];
        Arrays.fill(asked, FREE);
        Arrays.fill(sender, FREE);
        free.set(0, blocks);
        missing.set(0, blocks);
    }

    /// These blocks are there from an earlier run.
    void found(BitSet blocks) {
        blocks.stream().forEach(block -> sender[block] = EARLIER_RUN);
        free.andNot(blocks);
        missing.andNot(blocks);
    }

    /// A copy of which blocks are there.
    BitSet arrived() {
        var arrived = new BitSet(sender.length);
        for (int block = 0; block < sender.length; block++) {
            arrived.set(block, sender[block] != FREE);
        }
        return arrived;
    }

    boolean hasFree() {
        return !free.isEmpty();
    }

    void takeFree(int peer, List<Block> into, int limit) {
        for (int block = free.nextSetBit(0);
                block >= 0 && into.size() < limit;
                block = free.nextSetBit(block + 1)) {
            asked[block] = peer;
            free.clear(block);
            into.add(block(block));
        }
    }

    /// Takes blocks that exactly `askedCount` others owe.
    void takeAsked(int peer, int askedCount, List<Block> into, int limit) {
        for (int block = missing.nextSetBit(0);
                block >= 0 && into.size() < limit;
                block = missing.nextSetBit(block + 1)) {
            if (asked[block] != FREE && asked[block] != peer) {
                List<Integer> also = alsoAsked.getOrDefault(block, List.of());
                if (1 + also.size() == askedCount && !also.contains(peer)) {
                    alsoAsked.computeIfAbsent(block, _ -> new ArrayList<>()).add(peer);
                    into.add(block(block));
                }
            }
        }
    }

    private Block block(int block) {
        int begin = block * PeerMessageCodec.BLOCK_BYTES;
        return new Block(index, begin, Math.min(PeerMessageCodec.BLOCK_BYTES, lengthBytes - begin));
    }

    List<Integer> arrived(int peer, int block) {
        if (sender[block] != FREE) {
            return List.of();
        }
        var others = new ArrayList<Integer>(0);
        if (asked[block] == FREE) {
            free.clear(block); // it had been released and came all the same
        } else if (asked[block] != peer) {
            others.add(asked[block]);
        }
        List<Integer> also = alsoAsked.remove(block);
        if (also != null) {
            also.remove(Integer.valueOf(peer));
            others.addAll(also);
        }
        asked[block] = FREE;
        sender[block] = peer;
        missing.clear(block);
        return others;
    }

    void release(int peer, int block) {
        List<Integer> also = alsoAsked.get(block);
        if (asked[block] == peer) {
            if (also == null) {
                asked[block] = FREE;
                free.set(block);
            } else {
                asked[block] = also.removeFirst();
            }
        } else if (also != null) {
            also.remove(Integer.valueOf(peer));
        }
        if (also != null && also.isEmpty()) {
            alsoAsked.remove(block);
        }
    }

    void releaseAll(int peer) {
        for (int block = missing.nextSetBit(0); block >= 0; block = missing.nextSetBit(block + 1)) {
            release(peer, block);
        }
    }

    /// Who sent each block; negative where that is not known.
    int[] sendersByBlock() {
        return sender.clone();
    }

    /// Who sent parts of the piece, each once. A block whose arrival has not been told yet counts
    /// for everybody who was asked for it, so that nobody looks like the only sender by accident.
    List<Integer> senders() {
        var senders = new TreeSet<Integer>();
        for (int block = 0; block < sender.length; block++) {
            if (sender[block] != FREE) {
                senders.add(sender[block]);
            } else if (asked[block] != FREE) {
                senders.add(asked[block]);
                senders.addAll(alsoAsked.getOrDefault(block, List.of()));
            }
        }
        return List.copyOf(senders);
    }
}
