package dev.thistle.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/// A port that others may call. Closing it wakes [#accept] and leaves accepted links open.
public interface Listener extends Closeable {

    /// Where it listens, with the port that was really taken.
    InetSocketAddress address();

    /// Waits for the next caller.
    ///
    /// @throws IOException once the listener is closed
    Link accept() throws IOException;

    /// Stops listening. Never throws.
    @Override
    void close();
}
