package dev.thistle.protocol.tracker;

import java.time.Duration;

/// When a tracker that refused may be asked again (BEP 31).
public sealed interface RetryIn {

    /// The tracker did not say.
    record Unsaid() implements RetryIn {}

    /// Not before this is over. Whole minutes on the wire.
    record After(Duration delay) implements RetryIn {}

    /// Do not come back in this session.
    record Never() implements RetryIn {}
}
