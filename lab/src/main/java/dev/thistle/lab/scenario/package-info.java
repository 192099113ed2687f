/// What a run is to do: hosts and their access lines, the swarm, the background, and rounds that
/// pair a client with an ISP.
///
/// Start with [Scenario]; [BuiltInScenarios] and [ScenarioFile] give one. Immutable values: a TOML
/// file is read into them, and the first mistake in it is told with file, line, key, what was found
/// and what is allowed. [ScenarioDocument] and [PlanWords] show them to scripts and to people.
///
/// Inside, [TomlTable] answers key by key with the wanted type within its limits, and the readers
/// put the answers together.
@NullMarked
package dev.thistle.lab.scenario;

import org.jspecify.annotations.NullMarked;
