/// The swarm of a run: our engine on several hosts, and what it exchanges.
///
/// Start with [PeerSwarm]. The engine is the one that ships, on the network that its host lends it;
/// nothing here knows whether that is a namespace or an ISP's line.
@NullMarked
package dev.thistle.lab.swarm;

import org.jspecify.annotations.NullMarked;
