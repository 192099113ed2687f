/// What an ISP does with what it believes: which verdicts lead to which actions.
///
/// Start with [Action]. Values only; the box carries them out.
@NullMarked
package dev.thistle.isp.policy;

import org.jspecify.annotations.NullMarked;
