package dev.thistle.protocol.tracker;

/// Where the peers of a tracker may plausibly live: decides which decoded addresses look absurd.
public enum Reach {
    /// Loopback addresses, and IPv6 outside the global range, are absurd.
    INTERNET,
    /// A laboratory or one machine: loopback and local IPv6 addresses are welcome.
    LAB
}
