/// Two ways to serve many connections, with the same traffic: two virtual threads for each, as the
/// engine has it, or a loop over a selector for each core.
///
/// Start with [ThreadsOrLoops]. An [End] is what speaks at one end of a connection: pure, and the
/// same for both. [VirtualThreads] and [SelectorLoops] move its bytes. `scripts/bench threads` runs
/// them; the answer is kept in `docs/adr/0009-virtual-threads-measured.md`.
@NullMarked
package dev.thistle.bench.threads;

import org.jspecify.annotations.NullMarked;
