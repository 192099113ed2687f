package dev.thistle.lab.background;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// The distributions that people's traffic follows, over one generator. Owned by one thread.
record Chance(RandomGenerator random) {

    /// Time until the next of events that do not know of each other; ten times the mean at most.
    Duration exponential(Duration mean) {
        double factor = Math.min(10, -Math.log(1 - random.nextDouble()));
        return Duration.ofNanos((long) (mean.toNanos() * factor));
    }

    /// Few large, many small: sizes of web objects and their number in a page.
    ///
    /// @param median of what is drawn before it is clamped
    /// @param spread standard deviation of its logarithm
    long lognormal(double median, double spread, long least, long most) {
        double drawn = median * Math.exp(spread * random.nextGaussian());
        return Math.clamp(Math.round(drawn), least, most);
    }

    /// One of them.
    <T> T choice(java.util.List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
