/// Who else looks at a capture: `thistle isp scan` and nDPI, run as programs and read by what they
/// print.
///
/// Start with [ThistleScan]. Both tell connections by [Ends], as does who knows what they really
/// were. Knows no detector but by its name.
@NullMarked
package dev.thistle.e2e.eyes;

import org.jspecify.annotations.NullMarked;
