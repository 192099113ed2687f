package dev.thistle.engine.discovery;

import dev.thistle.net.Datagrams;
import dev.thistle.net.Network;
import dev.thistle.net.http.Countdown;
import dev.thistle.net.http.Names;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.RetryIn;
import dev.thistle.protocol.tracker.ScrapeExchange;
import dev.thistle.protocol.tracker.udp.ConnectionId;
import dev.thistle.protocol.tracker.udp.UdpAnswerCodec;
import dev.thistle.protocol.tracker.udp.UdpTrackerExchange;
import dev.thistle.protocol.tracker.udp.UdpTrackerExchange.Next;
import dev.thistle.protocol.tracker.udp.UdpTrackerExchange.Wish;
import dev.thistle.protocol.tracker.udp.UdpTrackerUrl;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Carries one announce or scrape to a tracker in datagrams and back. Each exchange has a port of
/// its own, so that answers need no sorting and forgers have one more number to guess. Connection
/// ids are shared among all torrents. Blocks; thread-safe.
final class UdpTracker {

    /// Ids worth keeping; the list starts anew when it is full.
    private static final int MAX_CONNECTIONS = 1_000;

    private static final InetAddress ANY_V4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_V6 = InetAddress.ofLiteral("::");

    private final Network network;
    private final Names names;
    private final RandomGenerator random;
    private final LongSupplier clock;
    private final Map<PeerAddress, ConnectionId> connections = new ConcurrentHashMap<>();

    /// @param random for transaction ids: cryptographically strong outside of tests
    /// @param clock monotonic nanoseconds
    UdpTracker(Network network, Names names, RandomGenerator random, LongSupplier clock) {
        this.network = network;
        this.names = names;
        this.random = random;
        this.clock = clock;
    }

    /// Announces.
    ///
    /// @param firstWait before what is not answered is sent again; then it doubles
    /// @param patience for the whole exchange
    /// @throws IOException if there is no answer
    AnnounceAnswer announce(
            UdpTrackerUrl tracker,
            AnnounceRequest request,
            AddressRule rule,
            Duration firstWait,
            Duration patience)
            throws IOException, InterruptedException {
        var wish = new Wish.Announce(request, tracker.urlData());
        return switch (exchange(tracker, wish, rule, firstWait, patience)) {
            case Next.Announced(var answer) -> answer;
            case Next.Refused(String reason) ->
                    new AnnounceAnswer.Refused(reason, new RetryIn.Unsaid());
            case Next.Send _, Next.Wait _, Next.Scraped _, Next.GaveUp _ ->
                    throw new SocketTimeoutException("no answer in time");
        };
    }

    /// Asks how big the swarms of `torrents` are.
    ScrapeExchange.Answer scrape(
            UdpTrackerUrl tracker,
            List<InfoHash> torrents,
            AddressRule rule,
            Duration firstWait,
            Duration patience)
            throws IOException, InterruptedException {
        return switch (exchange(tracker, new Wish.Scrape(torrents), rule, firstWait, patience)) {
            case Next.Scraped(var counts) ->
                    new ScrapeExchange.Answer.Counts(counts, Optional.empty());
            case Next.Refused(String reason) -> new ScrapeExchange.Answer.Refused(reason);
            case Next.Send _, Next.Wait _, Next.Announced _, Next.GaveUp _ ->
                    throw new SocketTimeoutException("no answer in time");
        };
    }

    private Next exchange(
            UdpTrackerUrl tracker,
            Wish wish,
            AddressRule rule,
            Duration firstWait,
            Duration patience)
            throws IOException, InterruptedException {
        Countdown countdown = Countdown.of(patience);
        List<InetAddress> addresses = names.lookUp(tracker.host(), countdown.left());
        var remote = new InetSocketAddress(rule.choose(addresses).getFirst(), tracker.port());
        var address = PeerAddress.of(remote.getAddress().getAddress(), remote.getPort());
        var exchange =
                new UdpTrackerExchange(
                        address,
                        wish,
                        Optional.ofNullable(connections.get(address)),
                        random,
                        firstWait);
        InetAddress any = remote.getAddress() instanceof Inet4Address ? ANY_V4 : ANY_V6;
        try (Datagrams port = network.datagrams(new InetSocketAddress(any, 0))) {
            Next end = talk(exchange, port, remote, countdown);
            remember(address, exchange);
            return end;
        } catch (IOException failed) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw failed;
        }
    }

    private void remember(PeerAddress tracker, UdpTrackerExchange exchange) {
        if (connections.size() >= MAX_CONNECTIONS) {
            connections.clear();
        }
        exchange.connection()
                .ifPresentOrElse(
                        id -> connections.put(tracker, id), () -> connections.remove(tracker));
    }

    private Next talk(
            UdpTrackerExchange exchange,
            Datagrams port,
            InetSocketAddress remote,
            Countdown countdown)
            throws IOException {
        ByteBuffer in = ByteBuffer.allocate(UdpAnswerCodec.MAX_BYTES);
        Next next = exchange.start(clock.getAsLong());
        while (true) {
            long wakeAt;
            switch (next) {
                case Next.Send(ByteBuffer datagram, long at) -> {
                    port.send(datagram, remote);
                    wakeAt = at;
                }
                case Next.Wait(long at) -> wakeAt = at;
                case Next.Announced _, Next.Scraped _, Next.Refused _, Next.GaveUp _ -> {
                    return next;
                }
            }
            Duration left = countdown.left();
            long wait = Math.clamp(wakeAt - clock.getAsLong(), 1, left.toNanos());
            Optional<InetSocketAddress> from = port.receive(in.clear(), Duration.ofNanos(wait));
            long now = clock.getAsLong();
            next = from.isEmpty() ? exchange.tick(now) : received(exchange, from.get(), in, now);
        }
    }

    private static Next received(
            UdpTrackerExchange exchange, InetSocketAddress from, ByteBuffer in, long now) {
        var sender = PeerAddress.of(from.getAddress().getAddress(), from.getPort());
        return exchange.received(sender, in.flip(), now);
    }
}
