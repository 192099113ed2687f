package dev.thistle.engine.limits;

import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.SessionLimits;
import java.net.InetAddress;
import java.util.List;
import java.util.function.LongSupplier;

/// What all torrents of a session share: the rate both ways, connections, calls and slots.
/// Thread-safe.
public final class Allowance {

    private final LongSupplier clock;
    private final boolean meterLan;
    private final RateLimit down;
    private final RateLimit up;
    private final Quota connections;
    private final CallQuota calls;
    private final UploadSlots slots;

    /// @param clock monotonic nanoseconds
    public Allowance(SessionLimits limits, LongSupplier clock) {
        this.clock = clock;
        meterLan = limits.meterLan();
        down = new RateLimit(limits.rates().downBytesPerSecond(), clock);
        up = new RateLimit(limits.rates().upBytesPerSecond(), clock);
        connections = new Quota(limits.maxConnections());
        calls = new CallQuota(limits.maxCalls(), limits.callsPerSecond(), clock);
        slots = new UploadSlots(limits.uploadSlots(), clock.getAsLong());
    }

    public void rates(RateLimits rates) {
        down.set(rates.downBytesPerSecond());
        up.set(rates.upBytesPerSecond());
    }

    /// A torrent's own limits, within those of the session.
    public Share share(RateLimits rates) {
        return new Share(rates);
    }

    public Quota connections() {
        return connections;
    }

    public CallQuota calls() {
        return calls;
    }

    /// Slots for uploads.
    public UploadSlots slots() {
        return slots;
    }

    /// The rates of one torrent. Thread-safe.
    public final class Share {

        private final RateLimit ownDown;
        private final RateLimit ownUp;

        private Share(RateLimits rates) {
            ownDown = new RateLimit(rates.downBytesPerSecond(), clock);
            ownUp = new RateLimit(rates.upBytesPerSecond(), clock);
        }

        public void rates(RateLimits rates) {
            ownDown.set(rates.downBytesPerSecond());
            ownUp.set(rates.upBytesPerSecond());
        }

        /// What a connection to `remote` pays.
        public Tolls tolls(InetAddress remote) {
            return !meterLan && HomeNetwork.contains(remote)
                    ? Tolls.FREE
                    : new Tolls(new Toll(List.of(ownDown, down)), new Toll(List.of(ownUp, up)));
        }
    }
}
