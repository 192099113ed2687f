package dev.thistle.protocol.tracker;

import java.util.Locale;

/// Why a client announces (BEP 3, BEP 21).
public enum AnnounceEvent {
    /// Nothing happened: the interval is over.
    NONE,
    STARTED,
    /// The last piece arrived. Not sent by who started complete.
    COMPLETED,
    STOPPED,
    /// In every announce of a partial seed: it has all it wants, but not all (BEP 21).
    PAUSED;

    /// The value of `event`; empty for [#NONE].
    String wire() {
        return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
    }

    /// Anything unknown is [#NONE], because new events must not cost a peer its place.
    static AnnounceEvent ofWire(String text) {
        for (AnnounceEvent event : values()) {
            if (event != NONE && event.wire().equals(text)) {
                return event;
            }
        }
        return NONE;
    }
}
