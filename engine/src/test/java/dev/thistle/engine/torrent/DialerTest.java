package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.limits.CallQuota;
import dev.thistle.engine.peers.Candidates;
import dev.thistle.engine.peers.Greeter;
import dev.thistle.engine.peers.Hearsay;
import dev.thistle.engine.peers.PeerRanking;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.net.Datagrams;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.net.Network;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.mse.PadPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DialerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Salutation SALUTATION =
            new Salutation(
                    InfoHashes.v1(InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")),
                    PeerId.random("-XX0100-", new Random(1)));

    private final MemoryNetwork internet = new MemoryNetwork(1);
    private final MemoryNetwork.Host home = internet.host("10.0.0.1");
    private final MemoryNetwork.Host away = internet.host("10.0.0.2");
    private final BlockingQueue<TorrentEvent> events = new LinkedBlockingQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    private Dialer dialer(Network network, Supplier<Salutation> salutation) {
        var dialer =
                new Dialer(
                        candidates(),
                        EncryptionPolicy.DEFAULT,
                        network,
                        new Greeter(PadPolicy.NONE, new Random(1), PATIENCE),
                        PATIENCE,
                        new EncounterCount(),
                        10,
                        new CallQuota(10, 100, () -> 0),
                        salutation,
                        events::add);
        dialer.candidates().add(PeerAddress.of(new byte[] {10, 0, 0, 2}, 6881), Hearsay.NOTHING);
        return dialer;
    }

    private static Candidates candidates() {
        return new Candidates(
                EncryptionPolicy.DEFAULT,
                PATIENCE,
                () -> PeerRanking.of(Optional.empty(), Optional.empty(), 0));
    }

    private static void awaitSomebody(CountDownLatch somebody) throws IOException {
        try {
            somebody.await();
        } catch (InterruptedException stopped) {
            throw new IOException("interrupted", stopped);
        }
    }

    /// A peer that is silent would be called a second time, in plaintext.
    @Test
    void hanging_up_ends_a_call_at_once_and_it_is_not_tried_the_other_way() throws Exception {
        try (Listener port = away.listen(new InetSocketAddress(away.ip(), 6881))) {
            var network =
                    new Network() {
                        @Override
                        public Link connect(InetSocketAddress remote, Duration patience)
                                throws IOException {
                            calls.incrementAndGet();
                            return home.connect(remote, patience);
                        }

                        @Override
                        public Listener listen(InetSocketAddress local) throws IOException {
                            return home.listen(local);
                        }

                        @Override
                        public Datagrams datagrams(InetSocketAddress local) {
                            throw new AssertionError("opens a port for datagrams");
                        }
                    };
            Dialer dialer = dialer(network, () -> SALUTATION);
            dialer.tick(0, 10, 0);
            Link silent = port.accept();

            dialer.hangUp();

            assertThat(events.poll(5, TimeUnit.SECONDS))
                    .isInstanceOf(TorrentEvent.CallFailed.class);
            assertThat(calls).hasValue(1);
            silent.close();
        }
    }

    /// Else the torrent would wait for the call for ever.
    @Test
    void a_bug_in_a_call_ends_in_an_event_as_well() throws Exception {
        try (Listener _ = away.listen(new InetSocketAddress(away.ip(), 6881))) {
            Dialer dialer =
                    dialer(
                            home,
                            () -> {
                                throw new IllegalStateException("a bug");
                            });

            dialer.tick(0, 10, 0);

            assertThat(events.poll(5, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            TorrentEvent.CallFailed.class,
                            failed -> assertThat(failed.reason()).contains("a bug"));
        }
    }

    /// The interruption must not reach the moment in which the event is handed over.
    @Test
    void every_call_ends_in_its_event_whenever_it_is_hung_up() throws Exception {
        for (int round = 0; round < 500; round++) {
            var connected = new CountDownLatch(1);
            var over = new CountDownLatch(1);
            var network =
                    new Network() {
                        @Override
                        public Link connect(InetSocketAddress remote, Duration patience)
                                throws IOException {
                            connected.countDown();
                            throw new IOException("nobody there");
                        }

                        @Override
                        public Listener listen(InetSocketAddress local) throws IOException {
                            return home.listen(local);
                        }

                        @Override
                        public Datagrams datagrams(InetSocketAddress local) {
                            throw new AssertionError("opens a port for datagrams");
                        }
                    };
            var interrupted = new AtomicInteger();
            var dialer =
                    new Dialer(
                            candidates(),
                            EncryptionPolicy.DEFAULT,
                            network,
                            new Greeter(PadPolicy.NONE, new Random(1), PATIENCE),
                            PATIENCE,
                            new EncounterCount(),
                            10,
                            new CallQuota(10, 100, () -> 0),
                            () -> SALUTATION,
                            event -> {
                                for (int spin = 0; spin < 2000; spin++) {
                                    Thread.onSpinWait();
                                }
                                interrupted.addAndGet(
                                        Thread.currentThread().isInterrupted() ? 1 : 0);
                                over.countDown();
                            });
            dialer.candidates()
                    .add(PeerAddress.of(new byte[] {10, 0, 0, 2}, 6881), Hearsay.NOTHING);
            dialer.tick(0, 10, 0);
            awaitSomebody(connected);
            dialer.hangUp();
            over.await();
            assertThat(interrupted).as("round %d", round).hasValue(0);
        }
    }
}
