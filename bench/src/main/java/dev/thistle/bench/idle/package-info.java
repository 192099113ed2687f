/// What torrents cost that nobody asks for: memory and processor time of a session that seeds a
/// thousand of them.
///
/// [IdleSeeds] holds the session, [IdleTracker] is the other process, which it announces to.
/// `scripts/bench idle` runs them; the answer is kept in `bench/baselines/idle.md`.
@NullMarked
package dev.thistle.bench.idle;

import org.jspecify.annotations.NullMarked;
