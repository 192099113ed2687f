/// Rounds as they are played: hosts are made, an ISP stands between them, a swarm and its
/// neighbours run, and what happened is measured.
///
/// Start with [ScenarioRun], then [Trial]. A round is two trials of the same client under the same
/// seed, one with the ISP idle and one with it active; trials with an idle ISP are shared by all
/// rounds of a client. Everything a trial makes ends with it.
@NullMarked
package dev.thistle.lab.run;

import org.jspecify.annotations.NullMarked;
