package dev.thistle.engine.peers;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.snapshot.FailedGreetings;
import dev.thistle.net.ClosedException;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.mse.SkeyIndex;
import dev.thistle.protocol.peer.Handshake;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// Answers the peers that call us: one thread that accepts, and a virtual thread for each greeting.
/// Only torrents that were welcomed are served; to everybody else the port stays silent.
///
/// Answering MSE costs a modular power for 96 bytes of anybody's, so greetings are counted: in all,
/// and by caller within the last half minute. A caller is an address of IPv4, and of IPv6 all
/// addresses of a /64, as one network has them all.
public final class PeerAcceptor implements Closeable {

    /// Greetings under way at once; qBittorrent's connection limit would be reached by then.
    /// Whoever calls when they are so many takes the place of the caller who has been at it for
    /// longest: else those who say nothing would keep everybody else out.
    static final int MAX_GREETINGS = 500;

    /// BiglyBT's limit: keys that one caller may ask for within [#WINDOW].
    private static final int MAX_CALLS_OF_ONE = 15;

    /// Of the 16 of IPv6: what stands behind them the caller chooses.
    private static final int NETWORK_BYTES = 8;

    private static final Duration WINDOW = Duration.ofSeconds(30);

    /// Pause after an accept that failed, such as for too many open files.
    private static final Duration RECOVERY = Duration.ofMillis(200);

    private static final Logger LOG = System.getLogger(PeerAcceptor.class.getName());

    private record Call(ByteString from, long atNanos) {}

    private final Listener listener;
    private final Greeter greeter;
    private final EncryptionPolicy policy;
    private final Greeter.Answers answers;
    private final Consumer<Greeted> torrents;
    private final Predicate<InetAddress> banned;
    private final LongSupplier clock;
    private final ArrayDeque<Call> recent = new ArrayDeque<>();
    private final Map<ByteString, Integer> callsByCaller = new HashMap<>();
    private final Set<InfoHash> welcome = new HashSet<>();

    /// Longest under way first.
    private final LinkedHashSet<Link> greetings = new LinkedHashSet<>();

    private final FailureCount failures = new FailureCount();
    private boolean closed;
    private volatile SkeyIndex index = SkeyIndex.EMPTY;

    /// Takes over `listener`, which [#close] closes.
    ///
    /// @param answers our handshake for a torrent, or nothing if we do not have it
    /// @param torrents takes greeted peers; may block
    /// @param banned whose calls are not answered
    /// @param clock monotonic nanoseconds
    public PeerAcceptor(
            Listener listener,
            Greeter greeter,
            EncryptionPolicy policy,
            Greeter.Answers answers,
            Consumer<Greeted> torrents,
            Predicate<InetAddress> banned,
            LongSupplier clock) {
        this.listener = listener;
        this.greeter = greeter;
        this.policy = policy;
        this.answers = answers;
        this.torrents = torrents;
        this.banned = banned;
        this.clock = clock;
    }

    public void start() {
        Thread.ofVirtual().name("accept").start(this::accept);
    }

    /// Callers may ask for this torrent from now on.
    public synchronized void welcome(InfoHash infoHash) {
        if (welcome.add(infoHash)) {
            index = index.with(infoHash);
        }
    }

    /// The torrent looks unknown from now on.
    public synchronized void unwelcome(InfoHash infoHash) {
        if (welcome.remove(infoHash)) {
            index = index.without(infoHash);
        }
    }

    private synchronized Optional<Handshake> answer(InfoHash asked, long reserved) {
        return welcome.contains(asked) ? answers.to(asked, reserved) : Optional.empty();
    }

    private void accept() {
        try {
            while (true) {
                try {
                    Link link = listener.accept();
                    if (admit(link)) {
                        makeRoom();
                        Thread.ofVirtual().name("greet").start(() -> greet(link));
                    } else {
                        link.close();
                    }
                } catch (ClosedException closed) {
                    LOG.log(Level.DEBUG, "accepts no more: {0}", closed.getMessage());
                    return;
                } catch (IOException failed) {
                    LOG.log(Level.WARNING, "cannot accept a caller: {0}", failed.getMessage());
                    Thread.sleep(RECOVERY);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean admit(Link link) {
        InetAddress address = link.remote().getAddress();
        ByteString from = caller(address);
        long now = clock.getAsLong();
        while (!recent.isEmpty() && now - recent.peekFirst().atNanos() > WINDOW.toNanos()) {
            callsByCaller.merge(
                    recent.removeFirst().from(), -1, (a, b) -> a + b == 0 ? null : a + b);
        }
        boolean local = address.isLoopbackAddress();
        if (closed
                || banned.test(address)
                || (!local && callsByCaller.getOrDefault(from, 0) >= MAX_CALLS_OF_ONE)) {
            return false;
        }
        greetings.add(link);
        recent.addLast(new Call(from, now));
        callsByCaller.merge(from, 1, Integer::sum);
        return true;
    }

    private void makeRoom() {
        Link slowest;
        synchronized (this) {
            if (greetings.size() <= MAX_GREETINGS) {
                return;
            }
            slowest = greetings.removeFirst();
        }
        LOG.log(Level.DEBUG, "{0} dropped: others call", slowest.remote());
        slowest.close();
    }

    private static ByteString caller(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteString.of(bytes.length == 4 ? bytes : Arrays.copyOf(bytes, NETWORK_BYTES));
    }

    private void greet(Link link) {
        try {
            torrents.accept(greeter.answer(link, policy, index, this::answer));
        } catch (IOException failed) {
            failures.failed(failed);
            LOG.log(Level.DEBUG, "{0} dropped: {1}", link.remote(), failed.getMessage());
            link.close();
        } catch (RuntimeException | OutOfMemoryError bug) {
            LOG.log(Level.ERROR, "{0} dropped: {1}", link.remote(), bug);
            link.close();
        } finally {
            greeted(link);
        }
    }

    private synchronized void greeted(Link link) {
        greetings.remove(link);
    }

    /// What became of callers that were not greeted.
    public FailedGreetings failures() {
        return failures.snapshot();
    }

    /// Accepts nobody any more and hangs up on those whose greetings are under way.
    @Override
    public void close() {
        listener.close();
        List<Link> strangers;
        synchronized (this) {
            closed = true;
            strangers = List.copyOf(greetings);
        }
        strangers.forEach(Link::close);
    }
}
