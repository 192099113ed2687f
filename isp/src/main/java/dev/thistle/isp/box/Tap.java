package dev.thistle.isp.box;

import dev.thistle.isp.box.Attachment.Side;
import java.nio.ByteBuffer;

/// Sees every frame as it is on a customer's line and as it is on the outside, so that captures
/// show what the box did to it: what is lost or blocked is missing on the far side, what is forged
/// appears where it was sent to. Called on the thread that owns the box.
@FunctionalInterface
public interface Tap {

    /// Looks at nothing.
    Tap NONE = (_, _, _, _) -> {};

    /// A frame passes.
    ///
    /// @param side CUSTOMER for the lines of customers, OUTSIDE for everybody else's
    /// @param isForged whether the box made it
    /// @param frame Ethernet; read-only by agreement and valid during the call only
    void frame(Side side, long nanos, boolean isForged, ByteBuffer frame);
}
