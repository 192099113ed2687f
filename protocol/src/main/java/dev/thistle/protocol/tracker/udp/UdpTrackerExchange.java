package dev.thistle.protocol.tracker.udp;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.SwarmCounts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One announce or scrape with a tracker over datagrams, as a machine that is fed datagrams and
/// time (BEP 15).
///
///     start --without a fresh id--> CONNECTING --connected--> ASKING --answered--> over
///       '------with one-------------------------------------------^
///
/// What is not answered is sent again after 15, 30, 60 … seconds, [#MAX_RETRIES] times in all; the
/// caller may well give up sooner. An id older than a minute is not used; one from an earlier
/// exchange is dropped at the first sign that the tracker does not know it any more. Datagrams from
/// elsewhere, of another transaction or of the wrong kind are passed over as if they had not come.
///
/// Not thread-safe: one exchange belongs to one caller.
public final class UdpTrackerExchange {

    /// The BEP's first wait.
    public static final Duration FIRST_WAIT = Duration.ofSeconds(15);

    /// The last wait of the BEP's is 15 s x 2^8.
    public static final int MAX_RETRIES = 8;

    /// What the exchange is for.
    public sealed interface Wish {

        /// To announce.
        ///
        /// @param urlData of the [UdpTrackerUrl]
        record Announce(AnnounceRequest request, String urlData) implements Wish {}

        /// To ask how big swarms are.
        ///
        /// @param torrents 1 to [UdpRequest#MAX_SCRAPED]
        record Scrape(List<InfoHash> torrents) implements Wish {
            public Scrape {
                torrents = List.copyOf(torrents);
            }
        }
    }

    /// What the caller does next.
    public sealed interface Next {

        /// Send `datagram` to the tracker, and call [#tick] at that time if nothing comes before.
        record Send(ByteBuffer datagram, long wakeAtNanos) implements Next {}

        /// Wait for a datagram; call [#tick] at that time if none comes.
        record Wait(long wakeAtNanos) implements Next {}

        /// The tracker answered the announce.
        record Announced(AnnounceAnswer.Accepted answer) implements Next {}

        /// The tracker answered the scrape.
        record Scraped(Map<InfoHash, SwarmCounts> counts) implements Next {}

        /// The tracker does not serve us.
        record Refused(String reason) implements Next {}

        /// It did not answer in all the time there is.
        record GaveUp() implements Next {}
    }

    private enum State {
        CONNECTING,
        ASKING
    }

    private final PeerAddress tracker;
    private final Wish wish;
    private final RandomGenerator random;
    private final long firstWaitNanos;

    private State state = State.CONNECTING;
    private @Nullable ConnectionId connection;
    private boolean connectionIsBorrowed;

    /// 0 before the start.
    private int transactionId;

    private int retries;
    private long wakeAtNanos;

    /// An exchange that has not begun.
    ///
    /// @param tracker whose answers count
    /// @param borrowed what an earlier exchange with the same tracker left, from [#connection]
    /// @param random for transaction ids, which keep forgers out: cryptographically strong
    /// @param firstWait before anything is sent again
    public UdpTrackerExchange(
            PeerAddress tracker,
            Wish wish,
            Optional<ConnectionId> borrowed,
            RandomGenerator random,
            Duration firstWait) {
        this.tracker = tracker;
        this.wish = wish;
        this.random = random;
        this.firstWaitNanos = firstWait.toNanos();
        this.connection = borrowed.orElse(null);
        this.connectionIsBorrowed = borrowed.isPresent();
    }

    /// Begins.
    public Next start(long nowNanos) {
        return connectOrAsk(nowNanos);
    }

    /// The id that a later exchange with this tracker may borrow.
    public Optional<ConnectionId> connection() {
        return Optional.ofNullable(connection);
    }

    private Next connectOrAsk(long nowNanos) {
        boolean ready = connection != null && connection.isFresh(nowNanos);
        State next = ready ? State.ASKING : State.CONNECTING;
        if (next != state || transactionId == 0) { // the same again keeps its number
            state = next;
            transactionId = random.nextInt(1, Integer.MAX_VALUE);
        }
        return send(nowNanos);
    }

    private Next send(long nowNanos) {
        ConnectionId id = connection;
        UdpRequest request =
                state == State.CONNECTING || id == null
                        ? new UdpRequest.Connect(transactionId)
                        : switch (wish) {
                            case Wish.Announce(var announce, String urlData) ->
                                    new UdpRequest.Announce(
                                            id.value(), transactionId, announce, urlData);
                            case Wish.Scrape(var torrents) ->
                                    new UdpRequest.Scrape(id.value(), transactionId, torrents);
                        };
        var datagram = ByteBuffer.allocate(UdpRequestCodec.MAX_BYTES);
        UdpRequestCodec.encode(request, datagram);
        wakeAtNanos = nowNanos + (firstWaitNanos << retries);
        return new Next.Send(datagram.flip(), wakeAtNanos);
    }

    /// Nothing came, or nothing of use.
    public Next tick(long nowNanos) {
        if (nowNanos - wakeAtNanos < 0) {
            return new Next.Wait(wakeAtNanos);
        }
        if (retries == MAX_RETRIES) {
            return new Next.GaveUp();
        }
        retries++;
        dropBorrowed();
        return connectOrAsk(nowNanos);
    }

    /// @return whether there was one to drop
    private boolean dropBorrowed() {
        boolean dropped = connectionIsBorrowed && state == State.ASKING;
        if (connectionIsBorrowed) {
            connection = null;
            connectionIsBorrowed = false;
        }
        return dropped;
    }

    /// A datagram came in.
    ///
    /// @param from its sender, of the address family that carried it
    /// @param datagram between position and limit; consumed
    public Next received(PeerAddress from, ByteBuffer datagram, long nowNanos) {
        if (!from.equals(tracker)) {
            return tick(nowNanos);
        }
        int entryBytes = tracker.isV4() ? PeerAddress.V4_BYTES : PeerAddress.V6_BYTES;
        return switch (UdpAnswerCodec.decode(datagram, entryBytes)) {
            case UdpAnswer.Connected(int tid, long id)
                    when tid == transactionId && state == State.CONNECTING -> {
                connection = new ConnectionId(id, nowNanos);
                connectionIsBorrowed = false;
                yield connectOrAsk(nowNanos);
            }
            case UdpAnswer.Announced announced
                    when announced.transactionId() == transactionId
                            && state == State.ASKING
                            && wish instanceof Wish.Announce ->
                    new Next.Announced(accepted(announced));
            case UdpAnswer.Scraped(int tid, var counts)
                    when tid == transactionId
                            && state == State.ASKING
                            && wish instanceof Wish.Scrape(var torrents) ->
                    new Next.Scraped(named(torrents, counts));
            case UdpAnswer.Refused(int tid, String reason) when tid == transactionId ->
                    dropBorrowed() ? connectOrAsk(nowNanos) : new Next.Refused(reason);
            case UdpAnswer.Connected _,
                    UdpAnswer.Announced _,
                    UdpAnswer.Scraped _,
                    UdpAnswer.Refused _,
                    UdpAnswer.Malformed _ ->
                    tick(nowNanos);
        };
    }

    private static AnnounceAnswer.Accepted accepted(UdpAnswer.Announced announced) {
        Set<PeerAddress> peers = new LinkedHashSet<>();
        announced.peers().stream().filter(PeerAddress::isDialable).forEach(peers::add);
        return new AnnounceAnswer.Accepted(
                AnnounceAnswer.interval(announced.intervalSeconds()),
                Optional.empty(),
                List.copyOf(peers),
                Math.max(announced.seeders(), -1),
                Math.max(announced.leechers(), -1),
                Optional.empty(),
                Optional.empty(),
                false,
                Set.of(),
                Optional.empty());
    }

    private static Map<InfoHash, SwarmCounts> named(
            List<InfoHash> torrents, List<SwarmCounts> counts) {
        var named = new HashMap<InfoHash, SwarmCounts>();
        for (int k = 0; k < Math.min(torrents.size(), counts.size()); k++) {
            named.put(torrents.get(k), counts.get(k));
        }
        return named;
    }
}
