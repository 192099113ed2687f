package dev.thistle.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/// A port that others may call. Closing it wakes [#accept] and leaves accepted links open.
public interface Listener extends Closeable {

    /// Where it listens, with the port that was really taken.
    InetSocketAddress address();

    /// Waits for the next caller. Several threads may wait at once.
    ///
    /// @throws ClosedException once the listener is closed
    /// @throws IOException for other trouble, such as too many open files; the listener lives on,
    ///   and whoever calls in a loop should pause before trying again
    Link accept() throws IOException;

    /// Stops listening; the port refuses from now on. Never throws.
    @Override
    void close();
}
