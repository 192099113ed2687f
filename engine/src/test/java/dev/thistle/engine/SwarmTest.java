package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.net.Conditions;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.net.Resets;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Metainfo;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fifty engines share one torrent over a bad network: slow lines, latency, segmented reads, links
/// that are reset after a while, cables that are pulled and put back. Encryption policies are mixed
/// as far as they can talk to each other. Two seeders lie: every fourth block they send is wrong.
/// Everybody else must get every byte. `scripts/swarm 200` plays two hundred seeds.
///
/// A seed fixes what the network does to each link, who is disturbed and which policies meet;
/// threads run as the machine lets them, so it replays the conditions and not each message.
class SwarmTest {

    private static final int ENGINES = 50;
    private static final int LIARS = 2;
    private static final int PORT = 6881;
    private static final int CONTENT_BYTES = 700_001; // 22 pieces, the last one short
    private static final int PIECE_BYTES = 32 * 1024;

    /// How long disturbances go on between two.
    private static final Duration BREATH = Duration.ofMillis(25);

    /// Real intervals shortened about thirtyfold, as the content is small.
    private static final TorrentSettings QUICK =
            new TorrentSettings(
                    20,
                    10,
                    4,
                    Duration.ofMillis(300),
                    Duration.ofMillis(900),
                    Duration.ofMillis(1500),
                    Duration.ofMillis(2000),
                    Duration.ofMillis(700),
                    Duration.ofMillis(200));

    static LongStream seeds() {
        long first = Long.getLong("thistle.seed", 0);
        return LongStream.range(first, first + Long.getLong("thistle.seeds", 3));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(180)
    void everybody_completes_over_a_network_that_cuts_resets_and_is_slow(long seed)
            throws Exception {
        var random = new Random(seed);
        byte[] content = new byte[CONTENT_BYTES];
        random.nextBytes(content);
        Metainfo metainfo = Torrents.of("swarm.bin", content, PIECE_BYTES);
        var internet = new MemoryNetwork(seed);
        internet.conditions(
                Conditions.IDEAL
                        .withLatency(Duration.ofMillis(2))
                        .withJitter(Duration.ofMillis(3))
                        .withSegmentation()
                        .withResets(new Resets.Randomly(600_000)));
        var hosts = new ArrayList<MemoryNetwork.Host>();
        var sessions = new ArrayList<Session>();
        var stores = new ArrayList<MemoryStore>();
        var liars = new ArrayList<LyingStore>();
        var torrents = new ArrayList<Torrent>();
        try {
            for (int i = 0; i < ENGINES; i++) {
                MemoryNetwork.Host host = internet.host("10.0.0." + (i + 1));
                if (random.nextInt(5) == 0) {
                    host.line(1_000_000, 1_500_000);
                }
                var listen = new InetSocketAddress(host.ip(), PORT);
                PieceStore store = store(i, content, liars);
                var session =
                        Session.open(
                                SessionSettings.of(listen, policy(random)),
                                host,
                                new Random(random.nextLong()));
                hosts.add(host);
                sessions.add(session);
                if (store instanceof MemoryStore honest) {
                    stores.add(honest);
                }
                torrents.add(session.add(metainfo, store, QUICK));
            }
            for (int i = 1; i <= LIARS; i++) {
                torrents.get(i).completed().join(); // their own check is told the truth
            }
            liars.forEach(LyingStore::begin);
            disturb(internet, hosts, torrents, random);
            assertThat(torrents)
                    .extracting(Torrent::snapshot)
                    .as("seed %d", seed)
                    .allMatch(TorrentSnapshot::isComplete);
        } finally {
            closeAll(sessions);
        }
        assertThat(stores).allSatisfy(store -> assertThat(store.content()).isEqualTo(content));
    }

    /// The first has everything, and so have the liars behind it.
    private static PieceStore store(int engine, byte[] content, List<LyingStore> liars) {
        if (engine == 0) {
            return new MemoryStore(content);
        }
        if (engine > LIARS) {
            return new MemoryStore(CONTENT_BYTES);
        }
        var liar = new LyingStore(content, 4);
        liars.add(liar);
        return liar;
    }

    /// Any two of these find a common way.
    private static EncryptionPolicy policy(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new EncryptionPolicy(Level.REQUIRE, Cipher.RC4);
            case 1 -> new EncryptionPolicy(Level.PREFER, Cipher.ANY);
            default -> new EncryptionPolicy(Level.ALLOW, Cipher.ANY);
        };
    }

    /// Names peers as a tracker would, and resets and cuts until everybody has everything.
    private static void disturb(
            MemoryNetwork internet,
            List<MemoryNetwork.Host> hosts,
            List<Torrent> torrents,
            Random random)
            throws Exception {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(
                        torrents.stream()
                                .map(Torrent::completed)
                                .toArray(CompletableFuture<?>[]::new));
        for (int i = 0; i < ENGINES; i++) {
            torrents.get(i).addPeers(somePeers(random));
        }
        while (true) {
            try {
                all.get(BREATH.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException goOn) {
                torrents.get(random.nextInt(ENGINES)).addPeers(somePeers(random));
                internet.reset(any(hosts, random), any(hosts, random));
                MemoryNetwork.Host one = any(hosts, random);
                MemoryNetwork.Host other = any(hosts, random);
                if (random.nextBoolean()) {
                    internet.cut(one, other);
                } else {
                    internet.mend(one, other);
                }
            }
        }
    }

    private static MemoryNetwork.Host any(List<MemoryNetwork.Host> hosts, Random random) {
        return hosts.get(random.nextInt(hosts.size()));
    }

    private static List<PeerAddress> somePeers(Random random) {
        return random.ints(6, 1, ENGINES + 1)
                .mapToObj(host -> PeerAddress.of(new byte[] {10, 0, 0, (byte) host}, PORT))
                .toList();
    }

    private static void closeAll(List<Session> sessions) {
        CompletableFuture.allOf(
                        sessions.stream()
                                .map(session -> CompletableFuture.runAsync(session::close))
                                .toArray(CompletableFuture<?>[]::new))
                .join();
    }
}
