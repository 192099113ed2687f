package dev.thistle.engine.discovery;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.protocol.tracker.AnnounceAnswer;

/// What came of one announce.
public sealed interface AnnounceOutcome {

    Tracker tracker();

    record Answered(Tracker tracker, AnnounceAnswer.Accepted answer) implements AnnounceOutcome {}

    /// The tracker did not serve us.
    ///
    /// @param reason one line for people
    record Failed(Tracker tracker, String reason) implements AnnounceOutcome {}
}
