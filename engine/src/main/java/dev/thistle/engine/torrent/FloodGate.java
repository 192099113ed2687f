package dev.thistle.engine.torrent;

/// How much more of something a peer may send that brings nobody forward. So much is borne at once,
/// and so much more with every second; an honest peer stays far below.
///
/// Pure; owned by the torrent's thread.
final class FloodGate {

    private static final double SECOND_NANOS = 1e9;

    private final int most;
    private final double perSecond;
    private double left;
    private long lastNanos;

    /// @param most at once
    /// @param perSecond that is forgiven
    FloodGate(int most, double perSecond, long nowNanos) {
        this.most = most;
        this.perSecond = perSecond;
        left = most;
        lastNanos = nowNanos;
    }

    /// One more came.
    ///
    /// @return false when it was one too many
    boolean pass(long nowNanos) {
        return pass(1, nowNanos);
    }

    /// Something came that counts for `weight`; what weighs more than may come at once passes when
    /// nothing else has for long.
    ///
    /// @return false when it was too much
    boolean pass(int weight, long nowNanos) {
        left = Math.min(most, left + (nowNanos - lastNanos) / SECOND_NANOS * perSecond);
        lastNanos = nowNanos;
        if (left < Math.min(weight, most)) {
            return false;
        }
        left -= weight;
        return true;
    }
}
