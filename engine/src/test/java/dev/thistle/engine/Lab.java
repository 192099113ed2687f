package dev.thistle.engine;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.net.Datagrams;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.net.Network;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/// A small internet with sessions on it, all closed at the end.
final class Lab implements AutoCloseable {

    static final int PORT = 6881;

    /// Time-outs shortened, as nothing here is far away.
    static final TorrentSettings QUICK = quick(Duration.ofMillis(1500));

    /// For scripts in which a peer is silent on purpose.
    static final TorrentSettings QUICK_BUT_BEARS_SILENCE = quick(Duration.ofSeconds(20));

    private static TorrentSettings quick(Duration silencePatience) {
        return new TorrentSettings(
                20,
                10,
                4,
                Duration.ofMillis(200),
                Duration.ofMillis(600),
                Duration.ofMillis(1000),
                silencePatience,
                Duration.ofMillis(300),
                Duration.ofMillis(50));
    }

    final MemoryNetwork internet = new MemoryNetwork(1);
    private final List<Session> sessions = new ArrayList<>();

    /// A session's way to the network, which keeps the calls that were made.
    static final class Calls implements Network {
        private final MemoryNetwork.Host host;

        /// Whom, in order.
        final List<InetSocketAddress> made = new CopyOnWriteArrayList<>();

        Calls(MemoryNetwork.Host host) {
            this.host = host;
        }

        @Override
        public Link connect(InetSocketAddress remote, Duration patience) throws IOException {
            made.add(remote);
            return host.connect(remote, patience);
        }

        @Override
        public Listener listen(InetSocketAddress local) throws IOException {
            return host.listen(local);
        }

        @Override
        public Datagrams datagrams(InetSocketAddress local) throws IOException {
            return host.datagrams(local);
        }
    }

    MemoryNetwork.Host host(int number) {
        return internet.host("10.0.0." + number);
    }

    static PeerAddress address(int host) {
        return PeerAddress.of(new byte[] {10, 0, 0, (byte) host}, PORT);
    }

    InetSocketAddress socket(int host) {
        return new InetSocketAddress(host(host).ip(), PORT);
    }

    /// A session at 10.0.0.`host` that listens there.
    Session session(int host) throws IOException {
        return session(host, EncryptionPolicy.DEFAULT);
    }

    Session session(int host, EncryptionPolicy policy) throws IOException {
        return session(host, policy, host(host));
    }

    Session session(int host, EncryptionPolicy policy, Network network) throws IOException {
        var settings = SessionSettings.of(socket(host), policy);
        return session(settings, network, host);
    }

    Session session(SessionSettings settings, int host) throws IOException {
        return session(settings, host(host), host);
    }

    /// A session in whose world it is as late as the test says.
    Session session(int host, LongSupplier clock) throws IOException {
        var settings = SessionSettings.of(socket(host), EncryptionPolicy.DEFAULT);
        return session(settings, host(host), host, clock);
    }

    private Session session(SessionSettings settings, Network network, int host)
            throws IOException {
        return session(settings, network, host, System::nanoTime);
    }

    private Session session(SessionSettings settings, Network network, int host, LongSupplier clock)
            throws IOException {
        Session session =
                Session.open(settings, network, HttpCaller.over(network), new Random(host), clock);
        sessions.add(session);
        return session;
    }

    static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    @Override
    public void close() {
        sessions.forEach(Session::close);
    }
}
