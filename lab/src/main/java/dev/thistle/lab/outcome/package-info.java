/// What came out of a run: measurements, their judgement, and the files that tell them.
///
/// Start with [RoundOutcome], which is judged against what its round expects, and [Summary], all
/// rounds together. [RunFolder] takes lines while a run goes on and writes `summary.json`,
/// `report.html` and `manifest.json` at its end; a file that has its name is whole. [Report] is one
/// page of HTML with inline drawings that loads nothing and says nothing the summary does not.
/// [RoundTable] is the same for the terminal.
///
/// A number that could not be measured is NaN here, null in JSON, a dash in the report, and never
/// meets an expectation.
@NullMarked
package dev.thistle.lab.outcome;

import org.jspecify.annotations.NullMarked;
