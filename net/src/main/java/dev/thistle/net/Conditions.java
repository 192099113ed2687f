package dev.thistle.net;

import java.time.Duration;

/// What one direction of a link in a [MemoryNetwork] does to the bytes it carries. Links take the
/// conditions that hold when they are opened and keep them; each datagram takes those that hold
/// when it is sent, and of them latency, jitter and loss alone.
///
///     Conditions.IDEAL.withLatency(Duration.ofMillis(40)).withSegmentation()
///
/// @param latency how long each byte travels; 0 to [#MAX_LATENCY]
/// @param jitter up to this much is added to the latency of each segment, uniformly; bytes stay in
///     order, so a late segment holds up those behind it; 0 to [#MAX_LATENCY]
/// @param bytesPerSecond what the path carries for this link alone, beside the lines that the
///     hosts share among all their links; 1 to [#UNLIMITED]
/// @param inFlightBytes how many bytes may be written and not yet read before the writer has to
///     wait; 1 to [#MAX_IN_FLIGHT_BYTES]. A link carries no more than this in one latency
/// @param segmented whether a read stops at random places of the stream, although more is there
/// @param resets when this direction makes the link fail at both ends
/// @param loss which part of all datagrams never arrives; 0 to 1. Links lose nothing
public record Conditions(
        Duration latency,
        Duration jitter,
        long bytesPerSecond,
        int inFlightBytes,
        boolean segmented,
        Resets resets,
        double loss) {

    /// Slower than any path on earth, the worst satellite links included, by an order of magnitude.
    public static final Duration MAX_LATENCY = Duration.ofMinutes(1);

    /// For rates: no limit.
    public static final long UNLIMITED = Long.MAX_VALUE;

    /// The largest receive window of TCP that common kernels tune themselves to is 6 MiB.
    public static final int MAX_IN_FLIGHT_BYTES = 16 << 20;

    /// No delay, no limit but a buffer of 64 KiB, the largest TCP window without scaling; nothing
    /// goes wrong. Five hundred links then hold at most 64 MiB.
    public static final Conditions IDEAL =
            new Conditions(
                    Duration.ZERO,
                    Duration.ZERO,
                    UNLIMITED,
                    64 * 1024,
                    false,
                    new Resets.Never(),
                    0);

    public Conditions {
        require(isDelay(latency), "latency", latency, "PT0S.." + MAX_LATENCY);
        require(isDelay(jitter), "jitter", jitter, "PT0S.." + MAX_LATENCY);
        require(bytesPerSecond >= 1, "bytes per second", bytesPerSecond, "> 0");
        require(
                inFlightBytes >= 1 && inFlightBytes <= MAX_IN_FLIGHT_BYTES,
                "bytes in flight",
                inFlightBytes,
                "1.." + MAX_IN_FLIGHT_BYTES);
        require(loss >= 0 && loss <= 1, "loss", loss, "0..1");
    }

    public Conditions withLatency(Duration latency) {
        return new Conditions(
                latency, jitter, bytesPerSecond, inFlightBytes, segmented, resets, loss);
    }

    public Conditions withJitter(Duration jitter) {
        return new Conditions(
                latency, jitter, bytesPerSecond, inFlightBytes, segmented, resets, loss);
    }

    public Conditions withBytesPerSecond(long bytesPerSecond) {
        return new Conditions(
                latency, jitter, bytesPerSecond, inFlightBytes, segmented, resets, loss);
    }

    public Conditions withInFlightBytes(int inFlightBytes) {
        return new Conditions(
                latency, jitter, bytesPerSecond, inFlightBytes, segmented, resets, loss);
    }

    public Conditions withSegmentation() {
        return new Conditions(latency, jitter, bytesPerSecond, inFlightBytes, true, resets, loss);
    }

    public Conditions withResets(Resets resets) {
        return new Conditions(
                latency, jitter, bytesPerSecond, inFlightBytes, segmented, resets, loss);
    }

    public Conditions withLoss(double loss) {
        return new Conditions(
                latency, jitter, bytesPerSecond, inFlightBytes, segmented, resets, loss);
    }

    private static boolean isDelay(Duration delay) {
        return !delay.isNegative() && delay.compareTo(MAX_LATENCY) <= 0;
    }

    private static void require(boolean holds, String what, Object found, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException("%s %s, allowed %s".formatted(what, found, allowed));
        }
    }
}
