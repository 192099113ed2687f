package dev.thistle.isp.box;

import java.util.EnumMap;
import java.util.Map;

/// What has gone through a box so far.
///
/// @param frames that came in
/// @param bytes of those
/// @param dropped frames by reason; reasons that did not occur are absent
/// @param forged resets that left
/// @param refused resets that were not forged because an address was not of the lab
public record BoxCounters(
        long frames, long bytes, Map<Reason, Long> dropped, long forged, long refused) {

    /// Why a frame got no further.
    public enum Reason {
        /// ARP, IPv6 and the like, or cut short.
        NOT_IPV4,
        /// Nobody has the destination, or the source does not live where the frame came from.
        UNROUTED,
        /// Longer than a buffer.
        TOO_LONG,
        /// All buffers are in use.
        NO_BUFFER,
        /// The queue of an access line was full.
        LINE_FULL,
        /// The access line lost it, as its profile asks.
        LINE_LOSS,
        /// The queue of a throttle was full.
        THROTTLED,
        /// The policy blocks the flow.
        BLOCKED
    }

    public BoxCounters {
        dropped = Map.copyOf(dropped);
    }

    /// How many were dropped for this reason.
    public long dropped(Reason reason) {
        return dropped.getOrDefault(reason, 0L);
    }

    /// The running counts behind it. Owned by the thread of the box.
    static final class Tally {

        private long frames;
        private long bytes;
        private final EnumMap<Reason, Long> dropped = new EnumMap<>(Reason.class);
        private long forged;
        private long refused;

        void arrived(int frameBytes) {
            frames++;
            bytes += frameBytes;
        }

        void dropped(Reason reason) {
            dropped.merge(reason, 1L, Long::sum);
        }

        void forged(int copies) {
            forged += copies;
        }

        void refused() {
            refused++;
        }

        BoxCounters snapshot() {
            return new BoxCounters(frames, bytes, dropped, forged, refused);
        }
    }
}
