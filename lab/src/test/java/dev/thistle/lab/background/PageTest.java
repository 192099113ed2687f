package dev.thistle.lab.background;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageTest {

    @Test
    void the_same_seed_draws_the_same_page_and_another_seed_another() {
        assertThat(drawn(7)).isEqualTo(drawn(7)).isNotEqualTo(drawn(8));
    }

    @Test
    void pages_have_five_to_eighty_objects_with_a_median_of_twenty() {
        int[] counts =
                IntStream.range(0, 5_000).map(i -> drawn(i).objects().size()).sorted().toArray();
        assertThat(counts[0]).isEqualTo(5);
        assertThat(counts[2_500]).isBetween(18, 22);
        assertThat(counts[4_999]).isEqualTo(80);
    }

    private static Page drawn(long seed) {
        return Page.draw(new Chance(new SplittableRandom(seed)));
    }
}
