package dev.thistle.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// The internet as the operating system offers it: TCP, and UDP for datagrams, over blocking
/// channels, made for virtual threads (platform threads work too).
///
/// **Patience.** A read or write notes its deadline in a field, and one daemon thread, the sweeper,
/// looks at all links about ten times a second and closes those that are overdue. So a time limit
/// costs no system call and no timer, and is kept to within [#SWEEP_INTERVAL] more than asked,
/// never less. Connecting is timed to the millisecond.
///
/// **Sockets.** `TCP_NODELAY` is on, because peers wait for small requests. Buffer sizes are left
/// to the kernel, which tunes them to the path; setting one switches that off. Listening sets
/// `SO_REUSEADDR`, so that a restart gets its port back, and the wildcard address takes IPv4 and
/// IPv6 callers where the machine has both. A caller over IPv4 always shows an IPv4 address.
///
/// A channel is opened by [Sockets], which decide the host it belongs to, and used by whatever
/// thread calls. Interrupting a thread inside a call closes the link or listener it is waiting for.
///
/// [#close] hangs up all links, listeners, datagram ports and calls under way. Any number of
/// instances may live side by side; each is thread-safe and shares nothing.
public final class TcpNetwork implements Network, Closeable {

    /// How much longer than asked a read or write may wait, plus what the scheduler adds.
    public static final Duration SWEEP_INTERVAL = Duration.ofMillis(100);

    /// Callers that may wait to be accepted. A busy swarm dials a newcomer a few hundred times in
    /// the first second; the kernel caps this at its own limit (4096 on Linux).
    private static final int BACKLOG = 1024;

    private final Sockets sockets;
    private final Set<TcpLink> links = ConcurrentHashMap.newKeySet();
    private final Set<Closeable> portsAndCalls = ConcurrentHashMap.newKeySet();
    private final Thread sweeper;
    private volatile boolean closed;

    /// Opens its channels on the calling thread: on the host this process runs on.
    public TcpNetwork() {
        this(new ProcessSockets());
    }

    /// A network on another host, such as a [dev.thistle.net.linux.Namespace].
    ///
    /// Starts the sweeper; it sleeps while there is no link.
    ///
    /// @param sockets opens the channels; only their opening happens there
    public TcpNetwork(Sockets sockets) {
        this.sockets = sockets;
        sweeper = Thread.ofPlatform().daemon().name("tcp-sweeper").unstarted(this::sweep);
        sweeper.start();
    }

    /// {@inheritDoc}
    ///
    /// @throws NoRouteToHostException if the host is known to be out of reach
    /// @throws UnknownHostException if `remote` is a name that was not looked up
    @Override
    public Link connect(InetSocketAddress remote, Duration patience) throws IOException {
        long deadline = Deadline.after(patience);
        String who = "connecting to " + Addresses.text(remote) + ": ";
        if (remote.isUnresolved()) {
            throw new UnknownHostException(who + "unknown host");
        }
        SocketChannel channel = sockets.openSocket();
        portsAndCalls.add(channel);
        try {
            requireOpen(who);
            // The adaptor's timed connect parks a virtual thread; 0 would mean for ever.
            long millis = (deadline - Deadline.now()) / 1_000_000;
            channel.socket().connect(remote, Math.clamp(millis, 1, Integer.MAX_VALUE));
            return adopt(channel);
        } catch (IOException e) {
            TcpLink.closeQuietly(channel);
            throw closed && !(e instanceof ClosedException)
                    ? new ClosedException(who + "network closed")
                    : explain(who, e, patience);
        } finally {
            portsAndCalls.remove(channel);
        }
    }

    /// The same kind of exception with who and what in front. Its cause is the system's.
    private static IOException explain(String who, IOException e, Duration patience) {
        String detail = String.valueOf(e.getMessage());
        IOException told =
                switch (e) {
                    case ClosedException _ -> new ClosedException(detail);
                    case SocketTimeoutException _ ->
                            new SocketTimeoutException(
                                    who + "no answer within %d ms".formatted(patience.toMillis()));
                    // The kernel's own limit, about two minutes, comes as a ConnectException.
                    case ConnectException _ when detail.contains("timed out") ->
                            new SocketTimeoutException(who + "no answer");
                    case ConnectException _ -> new ConnectException(who + "refused");
                    case NoRouteToHostException _ ->
                            new NoRouteToHostException(who + "no route to host");
                    default -> new IOException(who + detail);
                };
        told.initCause(e);
        return told;
    }

    @Override
    public Listener listen(InetSocketAddress local) throws IOException {
        String who = "listening on " + Addresses.text(local) + ": ";
        if (local.isUnresolved()) {
            throw new UnknownHostException(who + "unknown host");
        }
        ServerSocketChannel channel = sockets.openServer();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(local, BACKLOG);
            var listener = new TcpListener(channel, this, portsAndCalls::remove);
            portsAndCalls.add(listener);
            requireOpen(who);
            return listener;
        } catch (IOException e) {
            channel.close();
            throw switch (e) {
                case ClosedException _ -> e;
                case BindException _ -> new BindException(who + e.getMessage());
                default -> new IOException(who + e.getMessage(), e);
            };
        }
    }

    @Override
    public Datagrams datagrams(InetSocketAddress local) throws IOException {
        String who = "opening " + Addresses.text(local) + " for datagrams: ";
        if (local.isUnresolved()) {
            throw new UnknownHostException(who + "unknown host");
        }
        DatagramChannel channel = sockets.openDatagrams();
        try {
            channel.bind(local);
            var datagrams = new UdpDatagrams(channel, portsAndCalls::remove);
            portsAndCalls.add(datagrams);
            requireOpen(who);
            return datagrams;
        } catch (IOException e) {
            channel.close();
            throw switch (e) {
                case ClosedException _ -> e;
                case BindException _ -> new BindException(who + e.getMessage());
                default -> new IOException(who + e.getMessage(), e);
            };
        }
    }

    /// Makes a link of a connected channel and watches over it.
    TcpLink adopt(SocketChannel channel) throws IOException {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var link = new TcpLink(channel, links::remove);
            links.add(link);
            if (closed) {
                link.close();
                throw new ClosedException(link + ": network closed");
            }
            LockSupport.unpark(sweeper);
            return link;
        } catch (IOException e) {
            TcpLink.closeQuietly(channel);
            throw e;
        }
    }

    private void requireOpen(String who) throws ClosedException {
        if (closed) {
            throw new ClosedException(who + "network closed");
        }
    }

    private void sweep() {
        while (!closed) {
            if (links.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, SWEEP_INTERVAL.toNanos());
            }
            long now = Deadline.now();
            for (TcpLink link : links) {
                link.sweep(now);
            }
        }
    }

    /// Hangs up everything this network has opened, and ends its sweeper. Never throws.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(sweeper);
        for (TcpLink link : links) {
            link.close();
        }
        for (Closeable one : portsAndCalls) {
            try {
                one.close();
            } catch (IOException _) {
                // Its descriptor is released all the same.
            }
        }
    }
}
