package dev.thistle.engine.limits;

import java.util.function.LongSupplier;

/// How many calls may be under way and how many may begin in a second, over all torrents: home
/// routers forget connections when too many begin at once. Thread-safe, never waits.
public final class CallQuota {

    private final Quota underWay;
    private final int perSecond;
    private final LongSupplier clock;
    private double ready;
    private long lastNanos;

    /// @param most calls under way
    /// @param perSecond calls that begin; as many may begin at once after a pause
    public CallQuota(int most, int perSecond, LongSupplier clock) {
        underWay = new Quota(most);
        this.perSecond = perSecond;
        this.clock = clock;
        ready = perSecond;
        lastNanos = clock.getAsLong();
    }

    /// Begins a call, if one may; [#ended] ends it.
    public synchronized boolean tryBegin() {
        long now = clock.getAsLong();
        ready = Math.min(perSecond, ready + (now - lastNanos) * 1e-9 * perSecond);
        lastNanos = now;
        if (ready < 1 || !underWay.tryTake()) {
            return false;
        }
        ready--;
        return true;
    }

    /// A call that had begun is over, however it went.
    public void ended() {
        underWay.giveBack();
    }

    /// There was nobody to call after all.
    public synchronized void takeBack() {
        ready++;
        underWay.giveBack();
    }
}
