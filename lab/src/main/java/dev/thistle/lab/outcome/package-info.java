/// What came out of a run: measurements, their judgement, and the files that tell them.
///
/// Start with [RoundOutcome]. Numbers in the report come only from the summary.
@NullMarked
package dev.thistle.lab.outcome;

import org.jspecify.annotations.NullMarked;
