package dev.thistle.isp.box;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The links of a box: whole Ethernet frames in and out, by interface index. One thread at a time,
/// except for [#close].
public interface Frames extends Closeable {

    /// Waits for frames, but no longer than asked, and hands over those that are there.
    ///
    /// @param timeoutNanos 0 to look only
    /// @throws IOException if the links are gone, saying which
    void receive(long timeoutNanos, FrameSink into) throws IOException;

    /// Takes a frame to be sent; it leaves with [#flush] at the latest.
    ///
    /// @param frame copied; from its position to its limit
    void send(int port, ByteBuffer frame);

    /// Sends all that was taken. What a link has no room for is lost, as on a wire.
    void flush() throws IOException;
}
