package dev.thistle.net;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Where sockets are opened: which host's network they belong to from then on, whatever thread uses
/// them. Thread-safe.
public interface Sockets {

    /// Opens an unconnected, blocking channel.
    SocketChannel openSocket() throws IOException;

    /// Opens an unbound, blocking channel.
    ServerSocketChannel openServer() throws IOException;

    /// Opens an unbound, blocking channel for UDP.
    DatagramChannel openDatagrams() throws IOException;
}
