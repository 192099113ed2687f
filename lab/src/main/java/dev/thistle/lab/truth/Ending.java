package dev.thistle.lab.truth;

import java.util.Locale;

/// How a link's life ended, as one end saw it. The name in files is [#toString].
public enum Ending {
    /// Not yet.
    OPEN,
    /// This end hung up first.
    CLOSED,
    /// The other end had said that it sends no more, then this end hung up.
    FINISHED,
    /// The kernel reported a reset in the name of the other end.
    RESET,
    /// A call took longer than its patience.
    TIMED_OUT,
    /// The system said something else.
    BROKEN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
