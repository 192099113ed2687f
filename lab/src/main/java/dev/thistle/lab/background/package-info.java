/// Customers who have nothing to do with BitTorrent, and whom they talk to: real protocols over the
/// lab's own packets, so that a detector has somebody to wrong.
///
/// Start with [Neighbourhood], which settles them all; each [Activity] also stands alone. Contents
/// are made up and rates are modest, but handshakes, records and messages are what TLS (the JDK's)
/// and DNS put on a wire. Choices come from a seed; what TLS draws does not. Nothing here knows the
/// ISP.
@NullMarked
package dev.thistle.lab.background;

import org.jspecify.annotations.NullMarked;
