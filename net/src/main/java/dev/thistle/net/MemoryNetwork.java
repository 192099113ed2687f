package dev.thistle.net;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A whole internet in one process, for tests and simulations: hosts with addresses, and between
/// them whatever a network does to bytes, under a seed.
///
///     var internet = new MemoryNetwork(42);
///     internet.conditions(Conditions.IDEAL.withLatency(Duration.ofMillis(20)));
///     var seeder = internet.host("10.0.0.1").line(1_000_000, Conditions.UNLIMITED);
///     var leecher = internet.host("10.0.0.2");
///     Listener port = seeder.listen(new InetSocketAddress("10.0.0.1", 6881));
///     Link link = leecher.connect(port.address(), Duration.ofSeconds(5));
///     internet.reset(seeder, leecher);
///
/// Links behave like TCP. Closing one lets the other end read what was sent, then the end of the
/// stream; writing to a closed one is answered with a reset; a full buffer makes the writer wait.
/// Unlike TCP a call meets no loss, a reset reaches both ends in the same moment, and
/// [Link#close] never turns into a reset because of unread bytes. Datagrams travel on their own:
/// jitter may change their order, and those to a port that nobody opened, or behind a barrier or a
/// cut, are lost without a word.
///
/// **Time** is real time: a latency of 20 ms takes 20 ms and a bit. Nothing runs in the
/// background; the threads that read and write do all the work, so idle links cost nothing.
///
/// **The seed** settles, for the n-th call from one address to another: where its reads stop when
/// segmented, the jitter of its n-th segment, after how many bytes read it is reset; and whether
/// the n-th datagram from one address to another is lost and how long it travels. It does not
/// settle what depends on how threads run: which of two calls at the same time is the first, how
/// many bytes have arrived when a read looks (so a read may return less than the place where it
/// would stop), and where a reset or cut on demand finds the stream.
///
/// Thread-safe.
public final class MemoryNetwork {

    private record Route(InetAddress from, InetAddress to) {}

    /// In place of the number of a call, where a route's random choices are drawn.
    private static final int DATAGRAMS = -1;

    private final long seed;
    private final ConcurrentMap<InetAddress, Host> hosts = new ConcurrentHashMap<>();
    private final ConcurrentMap<Route, Conditions> routes = new ConcurrentHashMap<>();
    private final ConcurrentMap<Route, Reach> barriers = new ConcurrentHashMap<>();
    private final ConcurrentMap<Route, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final ConcurrentMap<Route, DatagramRoute> datagramRoutes = new ConcurrentHashMap<>();
    private final Set<Route> severed = ConcurrentHashMap.newKeySet();
    private final Set<Circuit> circuits = ConcurrentHashMap.newKeySet();
    private volatile Conditions conditions = Conditions.IDEAL;

    /// An empty internet. The same seed makes the same random choices, as said above.
    public MemoryNetwork(long seed) {
        this.seed = seed;
    }

    /// The host with this address; made when first asked for.
    ///
    /// @param address an IPv4 or IPv6 literal; no name is looked up
    public Host host(String address) {
        return hosts.computeIfAbsent(InetAddress.ofLiteral(address), ip -> new Host(this, ip));
    }

    /// What holds for every new link, unless its hosts or its route have conditions of their own.
    public void conditions(Conditions everywhere) {
        conditions = everywhere;
    }

    /// What holds for new links in the direction from `from` to `to`, before anything else.
    public void conditions(Host from, Host to, Conditions route) {
        routes.put(new Route(from.ip, to.ip), route);
    }

    /// What becomes of calls from `from` to `to`, before what [Host#reach] says.
    public void reach(Host from, Host to, Reach reach) {
        barriers.put(new Route(from.ip, to.ip), reach);
    }

    /// Fails all links between the two hosts at both ends, as forged resets do.
    ///
    /// @return how many
    public int reset(Host one, Host other) {
        List<Circuit> between = between(one, other);
        between.forEach(Circuit::reset);
        return between.size();
    }

    /// Pulls the cable between two hosts: links go silent without an error and calls get no answer,
    /// until [#mend].
    public synchronized void cut(Host one, Host other) {
        severed.add(new Route(one.ip, other.ip));
        severed.add(new Route(other.ip, one.ip));
        between(one, other).forEach(Circuit::cut);
    }

    /// Puts the cable back. Links that nobody gave up meanwhile go on without a byte lost.
    public synchronized void mend(Host one, Host other) {
        severed.remove(new Route(one.ip, other.ip));
        severed.remove(new Route(other.ip, one.ip));
        between(one, other).forEach(Circuit::mend);
    }

    private List<Circuit> between(Host one, Host other) {
        return circuits.stream().filter(circuit -> circuit.joins(one.ip, other.ip)).toList();
    }

    private Conditions conditionsFor(Host from, Host to) {
        Conditions own = routes.get(new Route(from.ip, to.ip));
        if (own == null) {
            own = from.conditions != null ? from.conditions : to.conditions;
        }
        return own != null ? own : conditions;
    }

    private Reach reachFor(Host from, Host to) {
        Route route = new Route(from.ip, to.ip);
        return severed.contains(route) ? Reach.SILENT : barriers.getOrDefault(route, to.reach);
    }

    private Circuit open(Host from, InetSocketAddress local, Host to, InetSocketAddress remote) {
        Route route = new Route(from.ip, to.ip);
        int call = calls.computeIfAbsent(route, _ -> new AtomicInteger()).getAndIncrement();
        var circuit =
                new Circuit(
                        from,
                        local,
                        to,
                        remote,
                        conditionsFor(from, to),
                        conditionsFor(to, from),
                        random(route, call),
                        circuits::remove);
        register(circuit, route);
        return circuit;
    }

    /// Loses or delays the next datagram of a route.
    private void carry(MemoryDatagrams from, ByteBuffer datagram, InetSocketAddress remote) {
        InetAddress sender = from.local().getAddress();
        Host target = hosts.get(remote.getAddress());
        Host source = hosts.get(sender);
        if (target == null || source == null || reachFor(source, target) != Reach.OPEN) {
            return;
        }
        Route route = new Route(sender, target.ip);
        datagramRoutes
                .computeIfAbsent(route, _ -> new DatagramRoute(random(route, DATAGRAMS)))
                .delay(conditionsFor(source, target))
                .ifPresent(delay -> {
                    MemoryDatagrams port = target.datagramPorts.get(remote.getPort());
                    if (port != null) {
                        port.arrive(from.local(), datagram, Deadline.now() + delay);
                    }
                });
    }

    private synchronized void register(Circuit circuit, Route route) {
        circuits.add(circuit);
        if (severed.contains(route)) {
            circuit.cut(); // it was not yet among the circuits when the cable was pulled
        }
    }

    /// Each part is drawn through the generator before the next is mixed in, so that neighbouring
    /// seeds, addresses and counts give unrelated sequences.
    private SplittableRandom random(Route route, int call) {
        long state = new SplittableRandom(seed).nextLong();
        for (InetAddress ip : List.of(route.from, route.to)) {
            for (byte part : ip.getAddress()) {
                state = new SplittableRandom(state ^ part).nextLong();
            }
        }
        return new SplittableRandom(new SplittableRandom(state ^ call).nextLong());
    }

    /// A machine on the network: one address, its ports, and the line that joins it to the rest.
    public static final class Host implements Network {

        /// The range that IANA sets aside for ports taken on the fly (RFC 6335, section 6).
        private static final int FIRST_FREE_PORT = 49_152;

        private static final int FREE_PORTS = 65_536 - FIRST_FREE_PORT;

        private final MemoryNetwork internet;
        private final InetAddress ip;
        private final Line up = new Line(Conditions.UNLIMITED);
        private final Line down = new Line(Conditions.UNLIMITED);
        private final ConcurrentMap<Integer, MemoryListener> listeners = new ConcurrentHashMap<>();
        private final ConcurrentMap<Integer, MemoryDatagrams> datagramPorts =
                new ConcurrentHashMap<>();
        private final AtomicInteger portsTaken = new AtomicInteger();
        private volatile @Nullable Conditions conditions;
        private volatile Reach reach = Reach.OPEN;

        private Host(MemoryNetwork internet, InetAddress ip) {
            this.internet = internet;
            this.ip = ip;
        }

        public InetAddress ip() {
            return ip;
        }

        /// Gives the host a line of limited rate, which all its links share, from now on.
        ///
        /// @param upBytesPerSecond 1 to [Conditions#UNLIMITED]
        /// @param downBytesPerSecond 1 to [Conditions#UNLIMITED]
        public Host line(long upBytesPerSecond, long downBytesPerSecond) {
            if (upBytesPerSecond < 1 || downBytesPerSecond < 1) {
                throw new IllegalArgumentException(
                        "line of %d up and %d down, allowed > 0"
                                .formatted(upBytesPerSecond, downBytesPerSecond));
            }
            up.bytesPerSecond(upBytesPerSecond);
            down.bytesPerSecond(downBytesPerSecond);
            return this;
        }

        /// What holds for new links from and to this host, both directions. Where both hosts have
        /// conditions, those of the sender of a direction count.
        public Host conditions(Conditions here) {
            conditions = here;
            return this;
        }

        /// What becomes of calls to this host.
        public Host reach(Reach reach) {
            this.reach = reach;
            return this;
        }

        Line upLine() {
            return up;
        }

        Line downLine() {
            return down;
        }

        /// {@inheritDoc}
        ///
        /// The wildcard address is this host itself. Calling takes a round trip.
        ///
        /// @throws NoRouteToHostException if there is no such host, or none that can be reached
        @Override
        public Link connect(InetSocketAddress remote, Duration patience) throws IOException {
            long deadline = Deadline.after(patience);
            String who = "connecting to " + Addresses.text(remote) + ": ";
            InetAddress calledIp = remote.getAddress();
            if (calledIp == null) {
                throw new UnknownHostException(who + "unknown host");
            }
            Host callee = calledIp.isAnyLocalAddress() ? this : internet.hosts.get(calledIp);
            if (callee == null) {
                throw new NoRouteToHostException(who + "no route to host");
            }
            try {
                return switch (internet.reachFor(this, callee)) {
                    case OPEN -> call(who, callee, remote.getPort(), deadline);
                    case REFUSED -> {
                        travel(internet.conditionsFor(this, callee).latency(), deadline);
                        throw refusedBy(callee, who, deadline);
                    }
                    case UNREACHABLE -> throw new NoRouteToHostException(who + "no route to host");
                    case SILENT -> {
                        travel(Duration.ofNanos(Long.MAX_VALUE), deadline);
                        throw new SocketTimeoutException(who + "no answer");
                    }
                };
            } catch (SocketTimeoutException _) {
                throw new SocketTimeoutException(
                        who + "no answer within %d ms".formatted(patience.toMillis()));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new ClosedException(who + "interrupted");
            }
        }

        private Link call(String who, Host callee, int port, long deadline)
                throws IOException, InterruptedException {
            Duration there = internet.conditionsFor(this, callee).latency();
            MemoryListener listener = callee.listeners.get(port);
            if (listener == null) {
                travel(there, deadline);
                throw refusedBy(callee, who, deadline);
            }
            var local = new InetSocketAddress(ip, freePort(listeners));
            Circuit circuit =
                    internet.open(this, local, callee, new InetSocketAddress(callee.ip, port));
            boolean answered = false;
            try {
                travel(there, deadline);
                switch (listener.call(circuit, deadline)) {
                    case QUEUED -> {}
                    case REFUSED -> throw refusedBy(callee, who, deadline);
                    case NO_ANSWER -> throw new SocketTimeoutException();
                }
                travel(internet.conditionsFor(callee, this).latency(), deadline);
                answered = true;
            } finally {
                if (!answered) {
                    circuit.reset();
                }
            }
            return circuit.caller();
        }

        private ConnectException refusedBy(Host callee, String who, long deadline)
                throws SocketTimeoutException, InterruptedException {
            travel(internet.conditionsFor(callee, this).latency(), deadline);
            return new ConnectException(who + "refused");
        }

        /// Lets the time pass that a packet takes one way, or all that is left of patience.
        private static void travel(Duration latency, long deadline)
                throws SocketTimeoutException, InterruptedException {
            long left = deadline - Deadline.now();
            TimeUnit.NANOSECONDS.sleep(Math.min(latency.toNanos(), left));
            if (latency.toNanos() >= left) {
                throw new SocketTimeoutException();
            }
        }

        /// {@inheritDoc}
        ///
        /// Asked for the wildcard address, the listener names the host's own.
        @Override
        public Listener listen(InetSocketAddress local) throws IOException {
            String who = "listening on " + Addresses.text(local) + ": ";
            requireOurs(who, local);
            return listen(who, local.getPort() != 0 ? local.getPort() : freePort(listeners));
        }

        /// {@inheritDoc}
        ///
        /// Asked for the wildcard address, the port names the host's own.
        @Override
        public Datagrams datagrams(InetSocketAddress local) throws IOException {
            String who = "opening " + Addresses.text(local) + " for datagrams: ";
            requireOurs(who, local);
            int port = local.getPort() != 0 ? local.getPort() : freePort(datagramPorts);
            var datagrams =
                    new MemoryDatagrams(
                            new InetSocketAddress(ip, port),
                            internet::carry,
                            one -> datagramPorts.remove(port, one));
            if (datagramPorts.putIfAbsent(port, datagrams) != null) {
                throw new BindException(who + "port taken");
            }
            return datagrams;
        }

        private void requireOurs(String who, InetSocketAddress local) throws IOException {
            InetAddress asked = local.getAddress();
            if (asked == null) {
                throw new UnknownHostException(who + "unknown host");
            }
            if (!asked.isAnyLocalAddress() && !asked.equals(ip)) {
                throw new BindException(who + "this host is " + ip.getHostAddress());
            }
        }

        private Listener listen(String who, int port) throws BindException {
            var listener =
                    new MemoryListener(
                            new InetSocketAddress(ip, port), one -> listeners.remove(port, one));
            if (listeners.putIfAbsent(port, listener) != null) {
                throw new BindException(who + "port taken");
            }
            return listener;
        }

        /// A port that is not taken; like those of TCP, it may carry links to several remotes.
        private int freePort(ConcurrentMap<Integer, ?> takenPorts) throws BindException {
            for (int tried = 0; tried < FREE_PORTS; tried++) {
                int port =
                        FIRST_FREE_PORT + Math.floorMod(portsTaken.getAndIncrement(), FREE_PORTS);
                if (!takenPorts.containsKey(port)) {
                    return port;
                }
            }
            throw new BindException(
                    "all %d ports of %s taken".formatted(FREE_PORTS, ip.getHostAddress()));
        }

        @Override
        public String toString() {
            return "host " + ip.getHostAddress();
        }
    }
}
