package dev.thistle.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Opens links, listens for them, and opens ports for datagrams. Thread-safe.
public interface Network {

    /// Calls `remote` and waits until it answers.
    ///
    /// @param patience how long to wait; positive
    /// @throws java.net.ConnectException if it refuses
    /// @throws java.net.SocketTimeoutException if it does not answer within `patience`
    /// @throws IOException if it cannot be called for another reason; messages name `remote`
    Link connect(InetSocketAddress remote, Duration patience) throws IOException;

    /// Takes `local`; port 0 takes any free one.
    ///
    /// @throws java.net.BindException if the port is taken or the address is not ours
    Listener listen(InetSocketAddress local) throws IOException;

    /// Opens `local` for datagrams; port 0 takes any free one.
    ///
    /// @throws java.net.BindException if the port is taken or the address is not ours
    Datagrams datagrams(InetSocketAddress local) throws IOException;
}
