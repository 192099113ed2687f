package dev.thistle.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A byte stream to one remote, in order and reliable until it breaks.
///
/// One thread may read while another writes; [#close] may be called by any thread, any number of
/// times, and wakes both. Calls block, so give each direction a virtual thread of its own.
///
/// When the other end resets the connection, both directions fail with an [IOException] that says
/// so; when patience runs out, with [java.net.SocketTimeoutException]. A link that failed stays
/// failed.
public interface Link extends Closeable {

    /// Who is at the other end.
    InetSocketAddress remote();

    /// Our own end.
    InetSocketAddress local();

    /// Reads at least one byte into `target`, which must have room.
    ///
    /// @param patience how long to wait for the first byte
    /// @return how many bytes, or -1 when the other end has said that it sends no more
    int read(ByteBuffer target, Duration patience) throws IOException;

    /// Writes all that remains in `source`.
    ///
    /// @param patience how long the whole write may take before the link counts as dead
    void write(ByteBuffer source, Duration patience) throws IOException;

    /// Hangs up. Never throws.
    @Override
    void close();
}
