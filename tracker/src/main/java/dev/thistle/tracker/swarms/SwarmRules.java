package dev.thistle.tracker.swarms;

/// The numbers the swarm tables keep to.
///
/// @param intervalSeconds after which clients announce again; encrypted lists live as long
/// @param lifeSeconds after which a silent peer is forgotten
/// @param keepPeerIds 20 bytes more a peer, for the list form
public record SwarmRules(
        int intervalSeconds,
        int lifeSeconds,
        int maxTorrents,
        long maxPeers,
        int maxPortsPerAddress,
        boolean keepPeerIds) {}
