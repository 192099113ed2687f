package dev.thistle.lab.host;

import dev.thistle.net.Sockets;
import dev.thistle.net.linux.Namespace;
import dev.thistle.net.linux.Namespace.Work;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadFactory;

/// Where a host's sockets are opened. What is opened in a place stays there for good, whichever
/// thread uses it later. Thread-safe.
@SuppressWarnings("exports") // namespaces are for those who are shown them
public sealed interface Place extends Sockets {

    /// Runs a short task there and waits for it; there may be one thread for all tasks.
    <T, E extends Exception> T call(Work<T, E> task) throws E;

    /// Makes daemon platform threads that live there.
    ThreadFactory threads();

    /// Leaves it. What was opened there lives on until it is closed itself.
    void leave();

    /// A network of a host's own.
    record Apart(Namespace namespace) implements Place {

        @Override
        public <T, E extends Exception> T call(Work<T, E> task) throws E {
            return namespace.call(task);
        }

        @Override
        public ThreadFactory threads() {
            return namespace.factory();
        }

        @Override
        public SocketChannel openSocket() throws IOException {
            return namespace.openSocket();
        }

        @Override
        public ServerSocketChannel openServer() throws IOException {
            return namespace.openServer();
        }

        @Override
        public DatagramChannel openDatagrams() throws IOException {
            return namespace.openDatagrams();
        }

        @Override
        public void leave() {
            namespace.close();
        }
    }

    /// This very machine, whose loopback all such hosts share: for trials that need no privileges.
    record Here() implements Place {

        @Override
        public <T, E extends Exception> T call(Work<T, E> task) throws E {
            return task.call();
        }

        @Override
        public ThreadFactory threads() {
            return Thread.ofPlatform().daemon().name("here-", 0).factory();
        }

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

        @Override
        public void leave() {}
    }
}
