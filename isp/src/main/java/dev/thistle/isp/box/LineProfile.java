package dev.thistle.isp.box;

import java.time.Duration;

/// One direction of the line between a customer and the ISP.
///
/// @param bitsPerSecond of IP packets; positive
/// @param queueBytes that may wait for their turn, what is more is dropped; at least one packet
/// @param delay one way
/// @param jitter added to the delay, from nothing to this much; packets keep their order
/// @param lossRate of packets, 0 to 1
public record LineProfile(
        long bitsPerSecond, int queueBytes, Duration delay, Duration jitter, double lossRate) {

    /// How long the queue of a usual modem is, at its own rate.
    public static final Duration QUEUE = Duration.ofMillis(100);

    /// No limit, no delay, no loss.
    public static final LineProfile OPEN =
            new LineProfile(Long.MAX_VALUE, Integer.MAX_VALUE, Duration.ZERO, Duration.ZERO, 0);

    private static final int ONE_PACKET = 1500;

    public LineProfile {
        if (bitsPerSecond <= 0) {
            throw new IllegalArgumentException(
                    "line of %d bits a second, allowed 1 and more".formatted(bitsPerSecond));
        }
        if (queueBytes < ONE_PACKET) {
            throw new IllegalArgumentException(
                    "queue of %d bytes, allowed %d and more".formatted(queueBytes, ONE_PACKET));
        }
        if (delay.isNegative() || jitter.isNegative()) {
            throw new IllegalArgumentException(
                    "delay %s and jitter %s, allowed 0 and more".formatted(delay, jitter));
        }
        if (!(lossRate >= 0 && lossRate <= 1)) {
            throw new IllegalArgumentException("loss rate %s, allowed 0 to 1".formatted(lossRate));
        }
    }

    /// A line with a queue of [#QUEUE].
    public static LineProfile of(
            long bitsPerSecond, Duration delay, Duration jitter, double lossRate) {
        long bytes = new Rate(bitsPerSecond).bytesIn(QUEUE.toNanos());
        int queue = Math.clamp(bytes, 2 * ONE_PACKET, Integer.MAX_VALUE);
        return new LineProfile(bitsPerSecond, queue, delay, jitter, lossRate);
    }
}
