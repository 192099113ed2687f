/// What things cost: JMH benchmarks, each with a question in its class doc.
///
/// `scripts/bench NAME [JMH options]` runs those whose class name contains NAME. The answers, with
/// date, machine and command, are kept in `bench/baselines/`; numbers compare within one run on one
/// machine only. Sees every library module; nothing sees it.
@NullMarked
package dev.thistle.bench;

import org.jspecify.annotations.NullMarked;
