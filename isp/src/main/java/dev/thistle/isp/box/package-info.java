/// The ISP's hands: the machine that all frames of the lab pass, and the thread that drives it.
///
/// Start with [dev.thistle.isp.box.Box], which is pure: frames and time in, frames out. On the way
/// are the customers' access lines, the eyes (package `detect`), and what the policy asks for:
/// throttles, forged resets, drops. [dev.thistle.isp.box.Forwarder] is the live shell around it.
/// Resets are forged only between addresses of the lab ([dev.thistle.isp.box.ResetForge]). Knows
/// nothing of namespaces, capture files or scenarios.
@NullMarked
package dev.thistle.isp.box;

import org.jspecify.annotations.NullMarked;
