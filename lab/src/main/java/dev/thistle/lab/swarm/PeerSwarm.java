package dev.thistle.lab.swarm;

import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.lab.scenario.ClientPlan;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/// All peers of a trial, in the order in which they are given: seeders and early leechers, each
/// once the tracker has taken the announce of the one before, so that whoever follows hears of
/// them; then all others, a short while apart.
///
/// Used by one thread, the trial's.
public final class PeerSwarm implements Closeable {

    /// Between two leechers: a crowd that comes at once, as far as a person can tell, but in an
    /// order.
    private static final Duration APART = Duration.ofMillis(30);

    private static final Duration GLANCE = Duration.ofMillis(20);

    private final Content content;
    private final ClientPlan plan;
    private final Random random;
    private final List<SwarmPeer> peers = new ArrayList<>();

    /// Nobody is there yet.
    ///
    /// @param seed of all keys and choices of all peers
    public PeerSwarm(Content content, ClientPlan plan, long seed) {
        this.content = content;
        this.plan = plan;
        random = new Random(seed);
    }

    /// What all peers together look like.
    ///
    /// @param verifiedBytes of all leechers
    /// @param completed leechers that have everything
    /// @param seederConnections of the seeders
    public record Look(long verifiedBytes, int completed, int leechers, int seederConnections) {

        public boolean isComplete() {
            return completed == leechers;
        }
    }

    /// Starts a seeder and waits until the tracker has heard of it.
    ///
    /// @throws IOException if it cannot listen, or the tracker does not take its announce in time
    public void seed(SwarmPeer.Place place, Duration patience)
            throws IOException, InterruptedException {
        startKnown(place, true, patience);
    }

    private void startKnown(SwarmPeer.Place place, boolean isSeeder, Duration patience)
            throws IOException, InterruptedException {
        SwarmPeer peer = SwarmPeer.start(place, content, isSeeder, plan, random.nextLong());
        peers.add(peer);
        if (!await(patience, () -> hasAnnounced(peer))) {
            throw new IOException(
                    "%s: the tracker has not taken its announce within %d s: %s"
                            .formatted(place.host(), patience.toSeconds(), peer.look().trackers()));
        }
    }

    private static boolean hasAnnounced(SwarmPeer peer) {
        return peer.look().trackers().stream().anyMatch(tracker -> tracker.worked());
    }

    /// Starts a leecher that those after it are to hear of: waits for its announce as well.
    ///
    /// @throws IOException if it cannot listen, or the tracker does not take its announce in time
    public void leechEarly(SwarmPeer.Place place, Duration patience)
            throws IOException, InterruptedException {
        startKnown(place, false, patience);
    }

    /// Starts a leecher.
    ///
    /// @throws IOException if it cannot listen
    public void leech(SwarmPeer.Place place) throws IOException, InterruptedException {
        peers.add(SwarmPeer.start(place, content, false, plan, random.nextLong()));
        Thread.sleep(APART);
    }

    private static boolean await(Duration patience, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(GLANCE);
        }
        return true;
    }

    /// Looks at everybody.
    public Look look() {
        long verified = 0;
        int completed = 0;
        int leechers = 0;
        int seederConnections = 0;
        for (SwarmPeer peer : peers) {
            TorrentSnapshot look = peer.look();
            if (peer.isSeeder()) {
                seederConnections += look.peers().size();
            } else {
                leechers++;
                verified += look.verifiedBytes();
                completed += look.isComplete() ? 1 : 0;
            }
        }
        return new Look(verified, completed, leechers, seederConnections);
    }

    /// All peers say goodbye at once; returns when all have.
    @Override
    public void close() {
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            peers.forEach(peer -> each.execute(peer::close));
        }
    }
}
