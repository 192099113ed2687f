package dev.thistle.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.limits.UploadSlots.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UploadSlotsTest {

    private static List<Claim> claims(UploadSlots slots, int count) {
        return IntStream.range(0, count).mapToObj(_ -> slots.claim()).toList();
    }

    private static List<Integer> shares(List<Claim> claims, List<Integer> wanted, long nowNanos) {
        for (int i = 0; i < claims.size(); i++) {
            var _ = claims.get(i).share(wanted.get(i), nowNanos);
        }
        var shares = new ArrayList<Integer>();
        for (int i = 0; i < claims.size(); i++) {
            shares.add(claims.get(i).share(wanted.get(i), nowNanos));
        }
        return shares;
    }

    @Test
    void who_wants_little_gets_it_and_the_others_the_rest() {
        List<Claim> claims = claims(new UploadSlots(20, 0), 3);
        assertThat(shares(claims, List.of(30, 0, 0), 0)).containsExactly(20, 0, 0);
        assertThat(shares(claims, List.of(30, 2, 30), 0)).containsExactly(9, 2, 9);
        assertThat(shares(claims, List.of(1, 2, 3), 0)).containsExactly(1, 2, 3);
        claims.get(0).end();
        assertThat(claims.get(1).share(100, 0)).isEqualTo(17);
    }

    @Test
    void one_slot_among_three_goes_round() {
        List<Claim> claims = claims(new UploadSlots(1, 0), 3);
        var turns = new ArrayList<List<Integer>>();
        for (int turn = 0; turn < 3; turn++) {
            turns.add(shares(claims, List.of(5, 5, 5), turn * UploadSlots.TURN_NANOS));
        }
        assertThat(turns)
                .containsExactlyInAnyOrder(List.of(1, 0, 0), List.of(0, 1, 0), List.of(0, 0, 1));
    }

    @Test
    void what_is_another_torrents_share_is_not_taken() {
        List<Claim> claims = claims(new UploadSlots(2, 0), 2);
        assertThat(claims.get(0).share(2, 0)).isEqualTo(2);
        assertThat(claims.get(0).tryTake()).isTrue();
        assertThat(claims.get(0).tryTake()).isTrue();
        assertThat(claims.get(1).share(1, 0)).isOne();
        assertThat(claims.get(1).tryTake()).as("it is not given back yet").isFalse();
        claims.get(0).giveBack();
        assertThat(claims.get(0).tryTake()).as("it is the other's").isFalse();
        assertThat(claims.get(1).tryTake()).isTrue();
        claims.get(0).end();
        assertThatThrownBy(claims.get(0)::giveBack).isInstanceOf(IllegalStateException.class);
        assertThat(claims.get(1).share(2, 0)).isEqualTo(2);
        assertThat(claims.get(1).tryTake()).isTrue();
    }

    @Test
    void what_a_torrent_can_use_no_more_is_the_others_at_their_next_look() {
        List<Claim> claims = claims(new UploadSlots(4, 0), 2);
        assertThat(shares(claims, List.of(4, 4), 0)).containsExactly(2, 2);
        claims.get(0).wants(1);
        assertThat(claims.get(1).share(4, 0)).isEqualTo(3);
        claims.get(0).wants(0);
        assertThat(claims.get(1).share(4, 0)).isEqualTo(4);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nobody_has_more_than_another_who_wants_more(long seed) {
        var random = new Random(seed);
        int most = 1 + random.nextInt(30);
        List<Claim> claims = claims(new UploadSlots(most, 0), 1 + random.nextInt(8));
        List<Integer> wanted = claims.stream().map(_ -> random.nextInt(12)).toList();
        List<Integer> shares = shares(claims, wanted, random.nextLong(1L << 50));

        int sum = wanted.stream().mapToInt(Integer::intValue).sum();
        assertThat(shares.stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(Math.min(most, sum));
        for (int i = 0; i < shares.size(); i++) {
            assertThat(shares.get(i)).isLessThanOrEqualTo(wanted.get(i));
            for (int other = 0; other < shares.size(); other++) {
                if (shares.get(other) < wanted.get(other)) {
                    assertThat(shares.get(i)).isLessThanOrEqualTo(shares.get(other) + 1);
                }
            }
        }
    }
}
