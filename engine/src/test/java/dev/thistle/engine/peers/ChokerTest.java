package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.peers.Choker.Interested;
import dev.thistle.engine.settings.SeedChoking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChokerTest {

    private static final long SECOND = 1_000_000_000L;

    private final Choker choker = choker(SeedChoking.ROUND_ROBIN);

    private static Choker choker(SeedChoking seedChoking) {
        return new Choker(Duration.ofSeconds(30), seedChoking, new Random(1));
    }

    @Test
    void a_seed_may_give_its_slots_to_those_who_take_most() {
        var peers =
                IntStream.range(0, 20)
                        .mapToObj(n -> new Interested(n, 0, n * 100L, 0, 0, true, false))
                        .toList();
        Set<Integer> chosen = choker(SeedChoking.FASTEST_UPLOAD).choose(peers, 4, true, 0);
        assertThat(chosen).contains(19, 18, 17).hasSize(4);
    }

    @Test
    void a_seed_against_leeching_gives_its_slots_to_those_who_begin_and_those_who_end() {
        var peers =
                IntStream.range(0, 21)
                        .mapToObj(n -> new Interested(n, 0, 0, n * 50, 0, false, false))
                        .toList();
        Set<Integer> chosen = choker(SeedChoking.ANTI_LEECH).choose(peers, 4, true, 0);
        assertThat(chosen).contains(0, 20).containsAnyOf(1, 19).hasSize(4);
    }

    private static Interested peer(int number, long received) {
        return new Interested(number, received, 0, 0, 0, false, false);
    }

    private static Interested snubbing(int number, long received) {
        return new Interested(number, received, 0, 0, 0, false, true);
    }

    @Test
    void everybody_gets_a_slot_while_there_are_enough() {
        assertThat(choker.choose(List.of(peer(1, 0), peer(2, 0), peer(3, 5)), 4, false, 0))
                .containsExactly(1, 2, 3);
        assertThat(choker.choose(List.of(), 4, false, 0)).isEmpty();
        assertThat(choker.choose(List.of(peer(1, 0)), 0, false, 0)).as("no slots").isEmpty();
    }

    @Test
    void while_we_download_those_who_sent_most_get_the_slots() {
        var peers = IntStream.range(0, 20).mapToObj(n -> peer(n, n * 100L)).toList();
        Set<Integer> chosen = choker.choose(peers, 4, false, 0);
        assertThat(chosen).contains(19, 18, 17).hasSize(4);
    }

    @Test
    void one_slot_goes_to_a_random_peer_and_stays_for_its_interval() {
        var peers = IntStream.range(0, 20).mapToObj(n -> peer(n, n * 100L)).toList();
        Set<Integer> optimistic = new HashSet<>();
        for (int turn = 0; turn < 60; turn++) {
            long start = turn * 30L * SECOND;
            Set<Integer> chosen = choker.choose(peers, 4, false, start);
            assertThat(choker.choose(peers, 4, false, start + 29 * SECOND)).isEqualTo(chosen);
            chosen.stream().filter(n -> n < 16).forEach(optimistic::add);
        }
        assertThat(optimistic).as("newcomers that got their chance").hasSizeGreaterThan(10);
    }

    @Test
    void a_new_optimistic_peer_is_chosen_when_the_old_one_is_gone() {
        var peers = IntStream.range(0, 20).mapToObj(n -> peer(n, n * 100L)).toList();
        Set<Integer> before = choker.choose(peers, 4, false, 0);
        var left = peers.stream().filter(p -> p.number() > 16 || !before.contains(p.number()));
        assertThat(choker.choose(left.toList(), 4, false, SECOND)).hasSize(4).contains(19, 18, 17);
    }

    @Test
    void a_snubbing_peer_gets_no_slot_but_the_optimistic_one() {
        List<Interested> peers = new ArrayList<>();
        IntStream.range(0, 10).forEach(n -> peers.add(snubbing(n, 1_000_000)));
        IntStream.range(10, 12).forEach(n -> peers.add(peer(n, 1)));
        for (int turn = 0; turn < 20; turn++) {
            Set<Integer> chosen = choker.choose(peers, 4, false, turn * 30L * SECOND);
            assertThat(chosen).contains(10, 11);
            assertThat(chosen.stream().filter(n -> n < 10).count()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void a_seed_gives_every_leecher_its_turn() {
        int leechers = 12;
        Map<Integer, Long> since = new HashMap<>();
        Set<Integer> unchoked = new HashSet<>();
        Map<Integer, Integer> turns = new HashMap<>();
        for (int round = 0; round < 120; round++) { // twenty minutes
            long now = round * 10L * SECOND;
            var peers =
                    IntStream.range(0, leechers)
                            .mapToObj(n ->
                                    new Interested(
                                            n,
                                            n == 0 ? 1_000_000 : 0,
                                            0,
                                            0,
                                            since.getOrDefault(n, 0L),
                                            unchoked.contains(n),
                                            false))
                            .toList();
            Set<Integer> chosen = choker.choose(peers, 4, true, now);
            assertThat(chosen).hasSize(4);
            for (int n = 0; n < leechers; n++) {
                if (chosen.contains(n) != unchoked.contains(n)) {
                    since.put(n, now);
                }
            }
            unchoked.clear();
            unchoked.addAll(chosen);
            chosen.forEach(n -> turns.merge(n, 1, Integer::sum));
        }
        assertThat(turns).hasSize(leechers);
        assertThat(turns.values())
                .as("rounds with a slot, 40 would be even")
                .allMatch(n -> n > 25 && n < 60);
    }
}
