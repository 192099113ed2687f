package dev.thistle.engine.discovery;

import static dev.thistle.protocol.tracker.AnnounceForm.CLEAR;
import static dev.thistle.protocol.tracker.AnnounceForm.OBFUSCATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.protocol.tracker.AnnounceForm;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnnounceOrderTest {

    private static final long SECOND = 1_000_000_000L;

    private static AnnounceOrder order(List<List<String>> clear, List<List<String>> obfuscated) {
        return new AnnounceOrder(clear, obfuscated, new Random(1));
    }

    private static Tracker tracker(String url, AnnounceForm form) {
        return new Tracker(url, form);
    }

    @Test
    void tiers_are_asked_in_order() {
        AnnounceOrder order = order(List.of(List.of("a"), List.of("b"), List.of("c")), List.of());
        assertThat(order.round(0)).extracting(Tracker::url).containsExactly("a", "b", "c");
    }

    @Test
    void trackers_of_a_tier_are_shuffled_once() {
        var tier = IntStream.range(0, 5).mapToObj(n -> "t" + n).toList();
        Set<List<Tracker>> seen = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            var order = new AnnounceOrder(List.of(tier), List.of(), new Random(seed));
            assertThat(order.round(0)).isEqualTo(order.round(0));
            seen.add(order.round(0));
        }
        assertThat(seen).hasSizeGreaterThan(20);
    }

    @Test
    void one_that_answered_moves_to_the_front_of_its_tier() {
        AnnounceOrder order = order(List.of(List.of("a", "b", "c"), List.of("d", "e")), List.of());
        Tracker last = order.round(0).get(2);
        Tracker lastOfSecond = order.round(0).get(4);
        order.answered(last);
        order.answered(lastOfSecond);
        assertThat(order.round(0).getFirst()).isEqualTo(last);
        assertThat(order.round(0).get(3)).isEqualTo(lastOfSecond);
    }

    @Test
    void the_obfuscated_list_comes_first_and_its_trackers_in_the_clear_last_of_all() {
        AnnounceOrder order =
                order(
                        List.of(List.of("both"), List.of("clear")),
                        List.of(List.of("hidden"), List.of("both")));
        assertThat(order.round(0))
                .containsExactly(
                        tracker("hidden", OBFUSCATED),
                        tracker("both", OBFUSCATED),
                        tracker("clear", CLEAR),
                        tracker("both", CLEAR));
    }

    @Test
    void a_tracker_of_the_obfuscated_list_alone_is_never_asked_in_the_clear() {
        AnnounceOrder order = order(List.of(List.of("clear")), List.of(List.of("hidden")));
        for (Tracker tracker : order.round(0)) {
            order.failed(tracker, 0);
        }
        assertThat(order.round(10_000 * SECOND)).doesNotContain(tracker("hidden", CLEAR));
    }

    @Test
    void a_tracker_named_twice_is_asked_once() {
        AnnounceOrder order =
                order(List.of(List.of("a", "a"), List.of("a", "b"), List.of("b")), List.of());
        assertThat(order.round(0)).extracting(Tracker::url).containsExactly("a", "b");
    }

    @Test
    void a_tracker_that_failed_waits_longer_each_time_but_at_most_an_hour() {
        AnnounceOrder order = order(List.of(List.of("a")), List.of());
        Tracker a = tracker("a", CLEAR);
        long now = 0;
        for (long wait : new long[] {17, 55, 117, 205, 317, 455, 617, 805}) {
            order.failed(a, now);
            assertThat(order.round(now + wait * SECOND - 1)).isEmpty();
            assertThat(order.round(now + wait * SECOND)).containsExactly(a);
            assertThat(order.nextRetryNanos(now)).contains(now + wait * SECOND);
            now += wait * SECOND;
        }
        for (int failure = 0; failure < 100; failure++) {
            order.failed(a, now);
        }
        assertThat(order.nextRetryNanos(now)).contains(now + 3600 * SECOND);
    }

    @Test
    void an_answer_ends_the_waiting() {
        AnnounceOrder order = order(List.of(List.of("a")), List.of());
        Tracker a = tracker("a", CLEAR);
        order.failed(a, 0);
        order.failed(a, 0);
        order.answered(a);
        assertThat(order.round(0)).containsExactly(a);
        order.failed(a, 0);
        assertThat(order.nextRetryNanos(0)).as("as after the first failure").contains(17 * SECOND);
    }

    @Test
    void a_tracker_is_asked_again_when_it_said_so() {
        AnnounceOrder order = order(List.of(List.of("a")), List.of());
        Tracker a = tracker("a", CLEAR);
        order.failed(a, 0, 7200);
        assertThat(order.round(7200 * SECOND - 1)).isEmpty();
        assertThat(order.round(7200 * SECOND)).containsExactly(a);
    }

    @Test
    void a_tracker_that_said_never_is_never_asked_again() {
        AnnounceOrder order = order(List.of(List.of("a", "b")), List.of());
        order.gone(tracker("a", CLEAR));
        assertThat(order.round(Long.MAX_VALUE / 2)).containsExactly(tracker("b", CLEAR));
        order.gone(tracker("b", CLEAR));
        assertThat(order.nextRetryNanos(0)).isEmpty();
    }

    @Test
    void the_clock_may_wrap() {
        AnnounceOrder order = order(List.of(List.of("a")), List.of());
        long now = Long.MAX_VALUE - SECOND;
        order.failed(tracker("a", CLEAR), now);
        assertThat(order.round(now + 16 * SECOND)).isEmpty();
        assertThat(order.round(now + 18 * SECOND)).hasSize(1);
    }

    @Test
    void a_torrent_may_have_no_tracker() {
        AnnounceOrder order = order(List.of(List.of()), List.of());
        assertThat(order.isEmpty()).isTrue();
        assertThat(order.round(0)).isEmpty();
        assertThat(order.nextRetryNanos(0)).isEmpty();
        assertThatThrownBy(() -> order.failed(tracker("x", CLEAR), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
