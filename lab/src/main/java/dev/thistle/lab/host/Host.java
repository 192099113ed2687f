package dev.thistle.lab.host;

import dev.thistle.isp.packet.Address;
import dev.thistle.net.TcpNetwork;
import dev.thistle.net.linux.Namespace.Work;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.channels.DatagramChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// One machine of the lab: an address, and everything that is to act in its name. Thread-safe.
@SuppressWarnings("exports") // namespaces are for those who are shown them
public final class Host implements Closeable {

    /// Its threads do what clients give them, which ends when they are interrupted.
    private static final long PATIENCE_SECONDS = 2;

    private final String name;
    private final InetAddress address;
    private final Side side;
    private final Place place;
    private final TcpNetwork network;
    private final ExecutorService threads;
    private final Queue<HttpClient> clients = new ConcurrentLinkedQueue<>();

    /// Moves into a place, and leaves it when it is closed.
    ///
    /// @param name as files and messages call it, such as `seeder-1`
    public Host(String name, InetAddress address, Side side, Place place) {
        this.name = name;
        this.address = address;
        this.side = side;
        this.place = place;
        network = new TcpNetwork(place);
        threads = Executors.newCachedThreadPool(place.threads());
    }

    public String name() {
        return name;
    }

    /// As packets show it.
    public Address address() {
        return Address.of(address.getAddress());
    }

    public Side side() {
        return side;
    }

    /// A port of this host.
    public InetSocketAddress at(int port) {
        return new InetSocketAddress(address, port);
    }

    /// For peers.
    public TcpNetwork network() {
        return network;
    }

    /// An HTTP client that calls from here, whichever thread uses it, or not at all: its sockets
    /// are bound to the host's address, which does not exist elsewhere. No proxy is asked. It is
    /// shut down with the host, at the latest.
    ///
    /// @param settings all but executor, local address and proxy
    public HttpClient http(HttpClient.Builder settings) {
        // Also built there: the thread that watches the client's sockets, and now and then opens
        // one, lives where it is born.
        settings.executor(threads).localAddress(address).proxy(HttpClient.Builder.NO_PROXY);
        HttpClient client = call(settings::build);
        clients.add(client);
        return new ResidentClient(client, threads);
    }

    /// A UDP socket in blocking mode.
    ///
    /// @param port 0 for any free one
    public DatagramChannel datagrams(int port) throws IOException {
        DatagramChannel channel = place.openDatagrams();
        try {
            return channel.bind(at(port));
        } catch (IOException e) {
            channel.close();
            throw new IOException("%s: UDP port %d: %s".formatted(this, port, e.getMessage()), e);
        }
    }

    /// Runs a short task here, such as one that opens a server or starts a program. The servers of
    /// the JDK, of Jetty and of this project stay where they were opened.
    ///
    /// @throws E as the task threw it
    public <T, E extends Exception> T call(Work<T, E> task) throws E {
        return place.call(task);
    }

    /// What this host's kernel has counted.
    public KernelCounters counters() throws IOException {
        return call(KernelCounters::read);
    }

    /// Hangs up, ends clients and threads, and leaves the place. Servers and programs are ended by
    /// whoever started them, before this.
    @Override
    public void close() {
        clients.forEach(HttpClient::shutdownNow);
        network.close();
        threads.shutdownNow();
        try {
            threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        place.leave();
    }

    @Override
    public String toString() {
        return name + " (" + address.getHostAddress() + ")";
    }
}
