package dev.thistle.tracker;

import dev.thistle.protocol.InfoHash;
import dev.thistle.tracker.http.AnnounceDesk;
import dev.thistle.tracker.http.HttpFront;
import dev.thistle.tracker.policy.AddressBook;
import dev.thistle.tracker.policy.TorrentPolicy;
import dev.thistle.tracker.swarms.SwarmRules;
import dev.thistle.tracker.swarms.Swarms;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// A running tracker. Thread-safe.
///
///     try (var tracker = Tracker.start(TrackerConfig.on(new InetSocketAddress(6969)))) { … }
public final class Tracker implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Tracker.class.getName());

    /// Neighbours for a client that does not say how many; what most trackers give.
    private static final int DEFAULT_PEERS = 50;

    private static final int SWEEP_SECONDS = 60;

    private final TrackerConfig config;
    private final Swarms swarms;
    private final AnnounceDesk desk;
    private final HttpFront front;
    private final ScheduledExecutorService sweeper;

    private Tracker(
            TrackerConfig config,
            Swarms swarms,
            AnnounceDesk desk,
            HttpFront front,
            IntSupplier secondClock) {
        this.config = config;
        this.swarms = swarms;
        this.desk = desk;
        this.front = front;
        sweeper =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("tracker-sweep").factory());
        long period = Math.min(SWEEP_SECONDS, Math.max(1, config.interval().toSeconds()));
        var _ =
                sweeper.scheduleWithFixedDelay(
                        () -> swarms.sweep(secondClock.getAsInt()),
                        period,
                        period,
                        TimeUnit.SECONDS);
    }

    /// Reads the lists, listens and serves until it is closed.
    ///
    /// @throws IOException if the address cannot be had, or a list cannot be read or is wrong, with
    ///   file and line
    public static Tracker start(TrackerConfig config) throws IOException {
        return start(config, System::nanoTime);
    }

    /// As above, with expiry and rates by another clock.
    ///
    /// @param nanoClock monotonic
    public static Tracker start(TrackerConfig config, LongSupplier nanoClock) throws IOException {
        var random = new SecureRandom();
        long begin = nanoClock.getAsLong();
        IntSupplier secondClock =
                () -> (int) Duration.ofNanos(nanoClock.getAsLong() - begin).toSeconds();
        TrackerConfig.Limits limits = config.limits();
        var addresses =
                new AddressBook(
                        limits.requestsPerSecond(),
                        limits.requestBurst(),
                        limits.peersPerAddress(),
                        nanoClock,
                        random.nextLong());
        int seconds = (int) config.interval().toSeconds();
        var swarms =
                new Swarms(
                        new SwarmRules(
                                seconds,
                                lifeSeconds(seconds),
                                limits.maxTorrents(),
                                limits.maxPeers(),
                                limits.portsPerAddress(),
                                config.keepPeerIds()),
                        addresses,
                        random.nextLong());
        var desk =
                new AnnounceDesk(
                        new AnnounceDesk.Terms(
                                config.interval(),
                                config.minInterval(),
                                Math.min(DEFAULT_PEERS, limits.maxPeersPerAnswer()),
                                limits.maxPeersPerAnswer()),
                        policy(config),
                        swarms,
                        addresses,
                        secondClock);
        var front =
                HttpFront.start(
                        config.bind(), limits.maxConnections(), config.trustedProxies(), desk);
        LOG.log(Level.INFO, "tracker listens for HTTP on {0}", front.address());
        return new Tracker(config, swarms, desk, front, secondClock);
    }

    /// Where it listens for HTTP, with the port it really got.
    public InetSocketAddress address() {
        return front.address();
    }

    /// Reads the lists again. Peers of torrents that are no longer served stay until they expire,
    /// and are named to nobody.
    ///
    /// @throws IOException as at the start; the old lists then stay in force
    public void reloadLists() throws IOException {
        desk.adopt(policy(config));
        LOG.log(Level.INFO, "tracker has read its lists again");
    }

    /// Lets these torrents be asked for under their hidden names, in place of those that the lists
    /// named.
    public void know(Set<InfoHash> torrents) {
        swarms.list(torrents);
    }

    public TrackerStats stats() {
        return new TrackerStats(
                desk.announces(),
                desk.obfuscatedAnnounces(),
                desk.scrapes(),
                desk.refused(),
                swarms.torrents(),
                swarms.peers());
    }

    /// Stops listening, answers what it has read, and forgets everything.
    @Override
    public void close() {
        sweeper.shutdownNow();
        front.close();
        LOG.log(Level.INFO, "tracker stopped after {0} announces", desk.announces());
    }

    /// Two intervals, and the tenth by which the second may be longer than the mean, twice.
    private static int lifeSeconds(int intervalSeconds) {
        return 2 * intervalSeconds + intervalSeconds / 5 + 1;
    }

    private static TorrentPolicy policy(TrackerConfig config) throws IOException {
        TrackerConfig.Lists lists = config.lists();
        return TorrentPolicy.read(lists.allow(), lists.deny(), lists.known());
    }
}
