/// What a run is to do: hosts and their access lines, the swarm, the background, and rounds that
/// pair a client with an ISP.
///
/// Start with [Scenario]. Immutable values, checked where they are made; a TOML file is read into
/// them, and every mistake in it is told with file, line, key and what is allowed.
@NullMarked
package dev.thistle.lab.scenario;

import org.jspecify.annotations.NullMarked;
