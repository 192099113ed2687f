package dev.thistle.protocol.tracker.udp;

/// What a tracker gave us to prove that we receive at our address (BEP 15).
///
/// @param obtainedAtNanos when, on the monotonic clock
public record ConnectionId(long value, long obtainedAtNanos) {

    /// A client may use an id for one minute; trackers take it for two.
    private static final long LIFE_NANOS = 60_000_000_000L;

    boolean isFresh(long nowNanos) {
        return nowNanos - obtainedAtNanos < LIFE_NANOS;
    }

    /// Not the value: who knows it can speak in our name.
    @Override
    public String toString() {
        return "ConnectionId";
    }
}
