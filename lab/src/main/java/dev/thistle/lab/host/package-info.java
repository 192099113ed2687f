/// The machines of the laboratory: each a network namespace with an address, all on one star.
///
/// Start with [Host]: whoever is to act in its name gets channels, clients and threads from it and
/// cannot tell that the host is not a machine of its own. A [Place] is where a host's sockets are
/// opened: a namespace, or for tests this very machine. Nothing here knows BitTorrent, and nothing
/// here looks at packets: what runs in the middle of the star is the ISP's box.
@NullMarked
package dev.thistle.lab.host;

import org.jspecify.annotations.NullMarked;
