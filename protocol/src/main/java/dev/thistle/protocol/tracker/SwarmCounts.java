package dev.thistle.protocol.tracker;

/// The size of a swarm, as trackers tell it. -1 stands for what a tracker did not say.
///
/// @param complete seeders
/// @param incomplete all others
/// @param downloaded how often a peer completed
/// @param downloaders those of `incomplete` that still download: not the partial seeds (BEP 21)
public record SwarmCounts(int complete, int incomplete, int downloaded, int downloaders) {

    public static final SwarmCounts EMPTY = new SwarmCounts(0, 0, 0, 0);
}
