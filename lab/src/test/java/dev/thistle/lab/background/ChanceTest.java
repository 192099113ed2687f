package dev.thistle.lab.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChanceTest {

    private static final int DRAWS = 20_000;

    private final Chance chance = new Chance(new SplittableRandom(1));

    @Test
    void waits_have_the_mean_they_were_asked_for_and_an_end() {
        long[] millis =
                IntStream.range(0, DRAWS)
                        .mapToLong(i -> chance.exponential(Duration.ofSeconds(2)).toMillis())
                        .toArray();
        assertThat(LongStream.of(millis).average().orElse(0)).isCloseTo(2_000, within(50.0));
        assertThat(LongStream.of(millis).max().orElse(0)).isBetween(10_000L, 20_000L);
        // the median of an exponential distribution is its mean times the logarithm of 2
        long below = LongStream.of(millis).filter(one -> one < 1_386).count();
        assertThat((double) below / DRAWS).isCloseTo(0.5, within(0.02));
    }

    @Test
    void sizes_have_their_median_and_keep_their_limits() {
        long[] sizes =
                IntStream.range(0, DRAWS)
                        .mapToLong(i -> chance.lognormal(8_000, 1.3, 200, 1 << 20))
                        .sorted()
                        .toArray();
        assertThat((double) sizes[DRAWS / 2]).isCloseTo(8_000, within(400.0));
        assertThat(sizes[0]).isGreaterThanOrEqualTo(200);
        assertThat(sizes[DRAWS - 1]).isBetween(300_000L, 1L << 20);
    }
}
