package dev.thistle.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int BLOCK = 16 * 1024;

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    /// Several users with blocks of random size over random rates: in the long run exactly the rate
    /// passes, and never more than the rate and one burst.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void as_much_passes_as_the_rate_says(long seed) {
        var random = new Random(seed);
        long rate = 10_000L + random.nextInt(1_000_000);
        var bucket = new TokenBucket(rate, 0);
        int users = 1 + random.nextInt(5);
        long[] wake = new long[users];
        long passed = 0;
        long now = 0;
        long end = 100 * SECOND;
        while (now < end) {
            int next = 0;
            for (int user = 1; user < users; user++) {
                next = wake[user] < wake[next] ? user : next;
            }
            now = wake[next];
            int bytes = 1 + random.nextInt(BLOCK);
            long place = bucket.reserve(bytes, now);
            wake[next] = now + bucket.nanosUntil(place, now);
            passed += bytes;
            long allowed =
                    rate * now / SECOND + 1 + Math.max(rate / 4, TokenBucket.MIN_BURST_BYTES);
            assertThat(passed - (long) users * BLOCK).isLessThanOrEqualTo(allowed);
        }
        assertThat(passed).isGreaterThan(rate * 99); // of 100 seconds
    }

    @Test
    void without_a_limit_nobody_waits() {
        var bucket = new TokenBucket(0, 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(bucket.nanosUntil(bucket.reserve(BLOCK, 0), 0)).isZero();
        }
    }

    @Test
    void who_asks_first_passes_first_and_the_next_waits_for_his_own_bytes() {
        var bucket = new TokenBucket(BLOCK, 0);
        bucket.reserve((int) TokenBucket.MIN_BURST_BYTES, 0);
        long first = bucket.reserve(BLOCK, 0);
        long second = bucket.reserve(BLOCK, 0);
        assertThat(bucket.nanosUntil(first, 0)).isEqualTo(SECOND);
        assertThat(bucket.nanosUntil(second, 0)).isEqualTo(2 * SECOND);
        assertThat(bucket.nanosUntil(second, 2 * SECOND)).isZero();
    }

    @Test
    void a_rate_that_changes_counts_for_those_that_wait() {
        var bucket = new TokenBucket(1_000, 0);
        long place = bucket.reserve(1_032_768, 0);
        assertThat(bucket.nanosUntil(place, 0)).isEqualTo(1_000 * SECOND);
        bucket.rate(100_000, 500 * SECOND);
        assertThat(bucket.nanosUntil(place, 500 * SECOND)).isEqualTo(5 * SECOND);
        bucket.rate(0, 501 * SECOND);
        assertThat(bucket.nanosUntil(place, 501 * SECOND)).isZero();
    }

    @Test
    void a_pause_saves_up_a_burst_and_no_more() {
        var bucket = new TokenBucket(1_000_000, 0);
        long hour = 3_600 * SECOND;
        assertThat(bucket.nanosUntil(bucket.reserve(250_000, hour), hour)).isZero();
        assertThat(bucket.nanosUntil(bucket.reserve(100_000, hour), hour)).isEqualTo(SECOND / 10);
    }
}
