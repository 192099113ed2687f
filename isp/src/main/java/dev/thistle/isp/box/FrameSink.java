package dev.thistle.isp.box;

import java.nio.ByteBuffer;

/// Where Ethernet frames go.
@FunctionalInterface
public interface FrameSink {

    /// Takes one frame.
    ///
    /// @param port interface index
    /// @param frame from its position to its limit; valid during the call only
    void accept(int port, ByteBuffer frame);
}
