package dev.thistle.net;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// Sockets of the host this process runs on.
record ProcessSockets() implements Sockets {

    @Override
    public SocketChannel openSocket() throws IOException {
        return SocketChannel.open();
    }

    @Override
    public ServerSocketChannel openServer() throws IOException {
        return ServerSocketChannel.open();
    }

    @Override
    public DatagramChannel openDatagrams() throws IOException {
        return DatagramChannel.open();
    }
}
