package dev.thistle.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/// A listening TCP port. Any number of threads may wait in [#accept].
final class TcpListener implements Listener {

    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final TcpNetwork network;
    private final Consumer<TcpListener> onClose;

    TcpListener(ServerSocketChannel channel, TcpNetwork network, Consumer<TcpListener> onClose)
            throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.network = network;
        this.onClose = onClose;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Link accept() throws IOException {
        while (true) {
            SocketChannel caller = next();
            try {
                return network.adopt(caller);
            } catch (ClosedException e) {
                throw e;
            } catch (IOException _) {
                // This caller hung up before we could set its options; the next one counts.
            }
        }
    }

    private SocketChannel next() throws IOException {
        try {
            return channel.accept();
        } catch (ClosedChannelException _) {
            throw new ClosedException(
                    "listening on %s: closed by this end".formatted(Addresses.text(address)));
        } catch (IOException e) {
            throw new IOException(
                    "listening on %s: %s".formatted(Addresses.text(address), e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // The port is released whatever close says.
        }
        onClose.accept(this);
    }

    @Override
    public String toString() {
        return "listener on " + Addresses.text(address);
    }
}
