package dev.thistle.lab.truth;

import dev.thistle.isp.flow.FlowKey;
import java.util.Locale;
import java.util.Optional;

/// A TCP connection, told by both of its ends.
///
/// @param low how the lower end of the flow knew it; empty if nobody watched there
/// @param high how the other end did
public record Connection(FlowKey flow, Optional<LinkLife> low, Optional<LinkLife> high) {

    /// What became of it. The name in files is [#toString].
    public enum Fate {
        /// At least one end still has it, and none was reset.
        OPEN,
        /// Somebody at one of its ends ended it; a reset may have been the kernel's way to say so.
        IN_ORDER,
        /// One end saw a reset that the other end had given no cause for and did not see.
        HALF_KILLED,
        /// Both ends saw a reset, and neither had hung up: somebody between them did it.
        KILLED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// Judges by both ends.
    ///
    /// An end that hangs up with bytes unread has its kernel send an honest reset; then the other
    /// end is reset *after* this one closed, and that is in order. A reset forged towards one end
    /// only may make that end's kernel answer later packets with an honest one: then both ends saw
    /// a reset and neither had hung up, which counts as killed, and rightly so.
    public Fate fate() {
        boolean lowReset = isReset(low);
        boolean highReset = isReset(high);
        if (lowReset && highReset) {
            return Fate.KILLED;
        }
        if (lowReset || highReset) {
            long resetNanos = (lowReset ? low : high).orElseThrow().endedNanos();
            Optional<LinkLife> other = lowReset ? high : low;
            return hungUpBefore(other, resetNanos) ? Fate.IN_ORDER : Fate.HALF_KILLED;
        }
        return isOpen(low) || isOpen(high) ? Fate.OPEN : Fate.IN_ORDER;
    }

    private static boolean isReset(Optional<LinkLife> end) {
        return end.filter(life -> life.ending() == Ending.RESET).isPresent();
    }

    private static boolean isOpen(Optional<LinkLife> end) {
        return end.filter(life -> life.ending() == Ending.OPEN).isPresent();
    }

    private static boolean hungUpBefore(Optional<LinkLife> end, long nanos) {
        return end.filter(life -> life.ending() != Ending.OPEN && life.endedNanos() - nanos <= 0)
                .isPresent();
    }
}
