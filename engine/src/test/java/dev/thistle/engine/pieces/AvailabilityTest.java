package dev.thistle.engine.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
        for (int step = 0; step < 300; step++) {
            int piece = random.nextInt(pieceCount);
            switch (random.nextInt(6)) {
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
                case 4 -> {
                    availability.settle(piece);
                    settled.add(piece);
                }
                default -> {
                    availability.unsettle(piece);
                    settled.remove(piece);
                }
            }
            assertEqual(availability, peers, settled, pieceCount, random);
        }
    }

    private static void assertEqual(
            Availability availability,
            List<BitSet> peers,
            Set<Integer> settled,
            int pieceCount,
            Random random) {
        int[] count = new int[pieceCount];
        for (int piece = 0; piece < pieceCount; piece++) {
            int at = piece;
            count[piece] = (int) peers.stream().filter(pieces -> pieces.get(at)).count();
            assertThat(availability.of(piece)).isEqualTo(count[piece]);
        }
        Set<Integer> fits =
                IntStream.range(0, pieceCount)
                        .filter(_ -> random.nextInt(3) > 0)
                        .boxed()
                        .collect(Collectors.toSet());
        Set<Integer> wanted = new TreeSet<>(fits);
        wanted.removeAll(settled);
        int rarest = availability.rarest(fits::contains);
        if (wanted.isEmpty()) {
            assertThat(rarest).isEqualTo(-1);
        } else {
            int least = wanted.stream().mapToInt(piece -> count[piece]).min().orElseThrow();
            assertThat(wanted).contains(rarest);
            assertThat(count[rarest]).isEqualTo(least);
        }
    }

    @Test
    void pieces_that_are_equally_rare_are_offered_in_no_fixed_order() {
        Set<Integer> firsts = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            firsts.add(new Availability(8, new Random(seed)).rarest(_ -> true));
        }
        assertThat(firsts).hasSize(8);
    }
}
