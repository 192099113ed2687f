package dev.thistle.tracker.swarms;

import dev.thistle.protocol.tracker.SwarmCounts;

/// What became of an announce.
public sealed interface Outcome {

    /// It counts, and these are the neighbours.
    record Welcome(SwarmCounts counts, Pick pick) implements Outcome {}

    /// A limit is reached.
    ///
    /// @param reason one short line for the client
    record Full(String reason) implements Outcome {}
}
