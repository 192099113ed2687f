/// Opinions: what an observer concludes from packets and flows, and why.
///
/// Start with [Verdict]. A detector has the identifier of the literature sheet (D-S1 for the
/// signature of the handshake, D-H1 for the article's pattern rule, and so on), is a pure function
/// of packets and their times, and gives verdicts with their evidence; [DetectorCatalog] makes it.
/// What follows from a verdict is the policy's business.
@NullMarked
package dev.thistle.isp.detect;

import org.jspecify.annotations.NullMarked;
