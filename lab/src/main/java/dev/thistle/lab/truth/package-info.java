/// Who is what, and how connections really ended: what measurements are judged by.
///
/// Start with [Truth]: every port that listens in the lab is announced to it, so that the
/// application behind a flow is known and not guessed. [ObservedNetwork] notes what the kernel of
/// an end told a peer about its links, [ConnectionLedger] pairs both ends and says who was killed.
/// Nothing here looks at a packet, and no detector may look in here.
@NullMarked
package dev.thistle.lab.truth;

import org.jspecify.annotations.NullMarked;
