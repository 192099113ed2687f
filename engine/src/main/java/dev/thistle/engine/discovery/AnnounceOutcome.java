package dev.thistle.engine.discovery;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.SwarmCounts;

/// What came of an announce or a scrape.
public sealed interface AnnounceOutcome {

    Tracker tracker();

    /// The tracker served us. Several may come of one round: one for each address family and each
    /// of the torrent's swarms.
    ///
    /// @param swarm the name under which we announced, and under which its peers are to be called
    record Answered(Tracker tracker, InfoHash swarm, AnnounceAnswer.Accepted answer)
            implements AnnounceOutcome {}

    /// The tracker did not serve us, by any family, in any swarm.
    ///
    /// @param reason one line for people
    record Failed(Tracker tracker, String reason) implements AnnounceOutcome {}

    /// The tracker said how big the swarm is.
    record Counted(Tracker tracker, SwarmCounts counts) implements AnnounceOutcome {}
}
