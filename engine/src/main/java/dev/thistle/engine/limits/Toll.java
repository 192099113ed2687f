package dev.thistle.engine.limits;

import java.util.List;

/// What one connection pays for its bytes in one direction: a place with each limit that concerns
/// it. One thread pays and waits; between two waits it looks whether the connection still stands.
public final class Toll {

    /// For connections that nothing limits.
    public static final Toll FREE = new Toll(List.of());

    /// Paid at once at most: more would make others wait long.
    public static final int MAX_BYTES = 16 * 1024;

    /// A wait is cut into such parts, so that a rate that was raised is noticed.
    private static final long MAX_WAIT_NANOS = 1_000_000_000L;

    private final List<RateLimit> limits;
    private final long[] places;

    public Toll(List<RateLimit> limits) {
        this.limits = List.copyOf(limits);
        this.places = new long[limits.size()];
    }

    /// Does nothing limit these bytes, now?
    public boolean isFree() {
        for (RateLimit limit : limits) {
            if (!limit.isNone()) {
                return false;
            }
        }
        return true;
    }

    /// Reserves `bytes`; they may pass when [#nanosLeft] says 0.
    public void pay(int bytes) {
        for (int i = 0; i < places.length; i++) {
            places[i] = limits.get(i).reserve(bytes);
        }
    }

    /// How long to wait before asking again; 0 when everything that was paid for may pass.
    public long nanosLeft() {
        long left = 0;
        for (int i = 0; i < places.length; i++) {
            left = Math.max(left, limits.get(i).nanosUntil(places[i]));
        }
        return Math.min(left, MAX_WAIT_NANOS);
    }
}
