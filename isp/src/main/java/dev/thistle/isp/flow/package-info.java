/// Conversations: what packets between the same two endpoints have in common.
///
/// Start with [FlowKey], then [Flow]. A flow table is owned by one thread; it is bounded in number
/// and forgets what is silent. Knows nothing of detectors.
@NullMarked
package dev.thistle.isp.flow;

import org.jspecify.annotations.NullMarked;
