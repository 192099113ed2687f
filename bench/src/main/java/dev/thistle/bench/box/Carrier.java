package dev.thistle.bench.box;

import java.io.Closeable;

/// A thread that carries frames between a customer and a host outside.
interface Carrier extends Closeable {

    /// What it has done so far, as of a tenth of a second ago; exact once closed. Any thread.
    Carried carried();

    /// What a carrier has done since it was started.
    ///
    /// @param frames that came in, both directions together
    /// @param dropped of those, by the carrier itself
    /// @param cpuNanos processor time of its thread, the kernel's work for it included
    record Carried(long frames, long dropped, long cpuNanos) {}
}
