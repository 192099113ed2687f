package dev.thistle.engine.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.pieces.PiecePicker.Asker;
import dev.thistle.engine.pieces.PiecePicker.Block;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A swarm of numbers around a [PiecePicker]: peers join with some of the pieces, gain more, choke,
/// reject, deliver and leave; pieces fail. As long as somebody has what is missing, everything
/// comes, and no block is asked of more peers than allowed.
class PiecePickerSwarmTest {

    private static final class SimulatedPeer {
        final BitSet pieces = new BitSet();
        boolean asSeed;
        final Set<Block> owes = new LinkedHashSet<>();
    }

    private final Map<Integer, SimulatedPeer> peers = new TreeMap<>();
    private final Map<Integer, Set<Integer>> arrived = new HashMap<>();
    private final Map<Integer, Integer> failuresLeft = new HashMap<>();
    private IntUnaryOperator lengths = _ -> 0;

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everything_comes_whatever_peers_do(long seed) {
        var random = new Random(seed);
        int pieceCount = 1 + random.nextInt(30);
        int pieceBytes = (1 + random.nextInt(4)) * PeerMessageCodec.BLOCK_BYTES;
        int lastBytes = 1 + random.nextInt(pieceBytes);
        lengths = piece -> piece == pieceCount - 1 ? lastBytes : pieceBytes;
        var picker = new PiecePicker(pieceCount, lengths, random);
        for (int i = random.nextInt(3); i > 0; i--) {
            failuresLeft.merge(random.nextInt(pieceCount), 1, Integer::sum);
        }
        int number = 0;
        int steps = 0;
        while (!picker.isComplete()) {
            assertThat(++steps).as("steps, seed %d", seed).isLessThan(200_000);
            if (peers.size() < 2 || (peers.size() < 8 && random.nextInt(40) == 0)) {
                join(picker, number++, pieceCount, random);
            }
            List<Integer> numbers = new ArrayList<>(peers.keySet());
            changeWishes(picker, pieceCount, random);
            int peer = numbers.get(random.nextInt(numbers.size()));
            act(picker, peer, peer(peer), pieceCount, random);
            assertThat(askedOfMostPeers()).isLessThanOrEqualTo(PiecePicker.MAX_ASKED);
        }
        assertThat(picker.haveCount()).isEqualTo(pieceCount);
        assertThat(picker.isFinished()).isTrue();
    }

    /// Now and then priorities, order and deadlines change; in the end everything is wanted.
    private static void changeWishes(PiecePicker picker, int pieceCount, Random random) {
        int piece = random.nextInt(pieceCount);
        switch (random.nextInt(400)) {
            case 0 -> {
                var levels = new byte[pieceCount];
                random.nextBytes(levels);
                for (int i = 0; i < pieceCount; i++) {
                    levels[i] &= 7;
                }
                picker.prioritise(levels);
            }
            case 1, 2, 3, 4 -> {
                var levels = new byte[pieceCount];
                Arrays.fill(levels, (byte) 4);
                picker.prioritise(levels);
            }
            case 5 -> picker.sequential(random.nextBoolean());
            case 6, 7 -> picker.deadline(piece, random.nextLong(1000));
            case 8 -> picker.noDeadline(piece);
            default -> {}
        }
    }

    private SimulatedPeer peer(int number) {
        return Objects.requireNonNull(peers.get(number));
    }

    private void join(PiecePicker picker, int number, int pieceCount, Random random) {
        var peer = new SimulatedPeer();
        boolean seeds = random.nextInt(3) == 0;
        for (int piece = 0; piece < pieceCount; piece++) {
            if (seeds || random.nextBoolean()) {
                peer.pieces.set(piece);
            }
        }
        peer.asSeed = peer.pieces.cardinality() == pieceCount;
        picker.peerJoined(peer.pieces);
        peers.put(number, peer);
    }

    private void act(
            PiecePicker picker, int number, SimulatedPeer peer, int pieceCount, Random random) {
        switch (random.nextInt(30)) {
            case 0 -> {
                picker.peerLeft(number, peer.pieces, peer.asSeed);
                peers.remove(number);
            }
            case 1 -> {
                picker.releaseAll(number); // choked without the fast extension, or snubbed
                peer.owes.clear();
            }
            case 2, 3 -> {
                int piece = random.nextInt(pieceCount);
                if (!peer.pieces.get(piece)) {
                    peer.pieces.set(piece);
                    picker.peerGained(piece);
                }
            }
            case 4, 5 -> {
                if (!peer.owes.isEmpty()) {
                    Block block = peer.owes.iterator().next();
                    peer.owes.remove(block);
                    picker.released(number, block.piece(), block.begin());
                }
            }
            case 6, 7, 8, 9, 10, 11, 12, 13 -> {
                for (Block block : pick(picker, number, peer, random)) {
                    assertThat(peer.pieces.get(block.piece())).isTrue();
                    assertThat(picker.has(block.piece())).isFalse();
                    assertThat(peer.owes.add(block)).as("asked twice of one peer").isTrue();
                }
            }
            default -> {
                if (!peer.owes.isEmpty()) {
                    deliver(picker, number, peer, random);
                }
            }
        }
    }

    private List<Block> pick(PiecePicker picker, int number, SimulatedPeer peer, Random random) {
        var asker = new Asker(number, peer.pieces, random.nextInt(3) > 0);
        return picker.pick(asker, 1 + random.nextInt(6), random.nextLong(1000));
    }

    private void deliver(PiecePicker picker, int number, SimulatedPeer peer, Random random) {
        List<Block> owed = new ArrayList<>(peer.owes);
        Block block = owed.get(random.nextInt(owed.size()));
        peer.owes.remove(block);
        for (int other : picker.arrived(number, block.piece(), block.begin())) {
            assertThat(other).isNotEqualTo(number);
            assertThat(peer(other).owes.remove(block)).as("spared one that owes").isTrue();
        }
        Set<Integer> here = arrived.computeIfAbsent(block.piece(), _ -> new LinkedHashSet<>());
        here.add(block.begin());
        if (here.size() == PieceAssembly.blockCount(lengths.applyAsInt(block.piece()))) {
            arrived.remove(block.piece());
            if (failuresLeft.merge(block.piece(), -1, Integer::sum) >= 0) {
                assertThat(picker.failed(block.piece())).isNotEmpty();
            } else {
                picker.verified(block.piece());
            }
        }
    }

    private long askedOfMostPeers() {
        Map<Block, Integer> asked = new HashMap<>();
        peers.values().forEach(peer -> peer.owes.forEach(b -> asked.merge(b, 1, Integer::sum)));
        return asked.values().stream().mapToInt(n -> n).max().orElse(0);
    }
}
