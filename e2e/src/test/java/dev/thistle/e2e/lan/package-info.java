/// Machines to run programs on: network namespaces joined by a bridge, and what runs in them.
///
/// Start with [Lan], which owns everything: its [Host]s, the [Program]s started there and the
/// [Capture]s of their traffic all end with it. [Needs] says what the machine must offer. Knows
/// nothing of BitTorrent.
@NullMarked
package dev.thistle.e2e.lan;

import org.jspecify.annotations.NullMarked;
