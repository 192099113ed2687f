package dev.thistle.engine.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.Priority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AvailabilityTest {

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /// Peers come with what they have, gain pieces and go; pieces are settled and wanted again. The
    /// model counts anew each time.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void equals_a_model_that_counts_anew(long seed) {
        var random = new Random(seed);
        int pieceCount = 1 + random.nextInt(40);
        var availability = new Availability(pieceCount, random);
        List<BitSet> peers = new ArrayList<>();
        List<Boolean> asSeed = new ArrayList<>();
        Set<Integer> settled = new TreeSet<>();
        int[] levels = new int[pieceCount];
        Arrays.fill(levels, Priority.NORMAL.level());
        for (int step = 0; step < 300; step++) {
            int piece = random.nextInt(pieceCount);
            switch (random.nextInt(8)) {
                case 0 -> {
                    var pieces = new BitSet();
                    int density = random.nextInt(5);
                    IntStream.range(0, pieceCount)
                            .filter(_ -> density == 4 || random.nextInt(4) < density)
                            .forEach(pieces::set);
                    availability.gained(pieces);
                    peers.add(pieces);
                    asSeed.add(pieces.cardinality() == pieceCount);
                }
                case 1 -> {
                    if (!peers.isEmpty()) {
                        int gone = random.nextInt(peers.size());
                        availability.lost(peers.remove(gone), asSeed.remove(gone));
                    }
                }
                case 2, 3 -> {
                    if (!peers.isEmpty()) {
                        BitSet pieces = peers.get(random.nextInt(peers.size()));
                        if (!pieces.get(piece)) {
                            pieces.set(piece);
                            availability.gained(piece);
                        }
                    }
                }
                case 7 -> {
                    int who = peers.isEmpty() ? -1 : random.nextInt(peers.size());
                    if (who >= 0 && peers.get(who).get(piece)) {
                        if (asSeed.set(who, false)) {
                            availability.seedNoMore();
                        }
                        availability.lost(piece);
                        peers.get(who).clear(piece);
                    }
                }
                case 4 -> {
                    availability.settle(piece);
                    settled.add(piece);
                }
                case 5 -> {
                    levels[piece] = random.nextInt(Priority.MAX_LEVEL + 1);
                    availability.prioritise(piece, levels[piece]);
                }
                default -> {
                    availability.unsettle(piece);
                    settled.remove(piece);
                }
            }
            assertEqual(availability, peers, settled, levels, random);
        }
    }

    private static void assertEqual(
            Availability availability,
            List<BitSet> peers,
            Set<Integer> settled,
            int[] levels,
            Random random) {
        int pieceCount = levels.length;
        int[] count = new int[pieceCount];
        for (int piece = 0; piece < pieceCount; piece++) {
            int at = piece;
            count[piece] = (int) peers.stream().filter(pieces -> pieces.get(at)).count();
            assertThat(availability.of(piece)).isEqualTo(count[piece]);
        }
        var fits = new BitSet();
        IntStream.range(0, pieceCount).filter(_ -> random.nextInt(3) > 0).forEach(fits::set);
        List<Integer> waiting =
                IntStream.range(0, pieceCount)
                        .filter(piece -> levels[piece] > 0 && !settled.contains(piece))
                        .boxed()
                        .toList();
        assertThat(availability.waiting()).isEqualTo(waiting.size());
        int highest = waiting.stream().filter(fits::get).mapToInt(p -> levels[p]).max().orElse(0);
        List<Integer> best =
                waiting.stream().filter(fits::get).filter(p -> levels[p] == highest).toList();
        int rarest = availability.rarest(fits);
        if (best.isEmpty()) {
            assertThat(List.of(rarest, availability.first(fits), availability.any(fits)))
                    .containsOnly(-1);
        } else {
            int least = best.stream().mapToInt(piece -> count[piece]).min().orElseThrow();
            assertThat(best).contains(rarest, availability.any(fits));
            assertThat(count[rarest]).isEqualTo(least);
            assertThat(availability.first(fits)).isEqualTo(best.getFirst());
        }
    }

    /// Where the rare pieces are none of a peer's, each of its own is looked at.
    @Test
    void the_rarest_is_found_behind_many_rarer_ones_that_the_peer_lacks() {
        var availability = new Availability(5_000, new Random(1));
        var its = new BitSet();
        its.set(4_000, 4_010);
        availability.gained(its);
        var common = new BitSet();
        common.set(4_000, 4_007);
        common.set(4_008, 4_010);
        availability.gained(common);
        assertThat(availability.rarest(its)).isEqualTo(4_007);
    }

    @Test
    void pieces_that_are_equally_rare_are_offered_in_no_fixed_order() {
        var all = new BitSet();
        all.set(0, 8);
        Set<Integer> firsts = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            firsts.add(new Availability(8, new Random(seed)).rarest(all));
        }
        assertThat(firsts).hasSize(8);
    }
}
