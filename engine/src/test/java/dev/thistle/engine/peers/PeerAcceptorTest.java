package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.LoggedErrors;
import dev.thistle.engine.Wait;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.snapshot.FailedGreetings;
import dev.thistle.net.ClosedException;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.mse.PadPolicy;
import dev.thistle.protocol.peer.Handshake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class PeerAcceptorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final InfoHash TORRENT =
            InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");

    private final MemoryNetwork internet = new MemoryNetwork(1);
    private final MemoryNetwork.Host home = internet.host("10.0.0.1");
    private final MemoryNetwork.Host away = internet.host("10.0.0.2");
    private final LinkedBlockingQueue<Greeted> greeted = new LinkedBlockingQueue<>();
    private final AtomicInteger failures = new AtomicInteger(2);
    private Listener port;
    private PeerAcceptor acceptor;

    private static Handshake handshake(long seed) {
        return new Handshake(Handshake.FAST, TORRENT, PeerId.random("-XX0100-", new Random(seed)));
    }

    @BeforeEach
    void start() throws Exception {
        port = home.listen(new InetSocketAddress(home.ip(), 6881));
        acceptor = acceptor(Duration.ofMillis(300));
        acceptor.welcome(TORRENT);
        acceptor.start();
    }

    private final Set<InetAddress> banned = ConcurrentHashMap.newKeySet();

    private PeerAcceptor acceptor(Duration patience) {
        return new PeerAcceptor(
                new Failing(port),
                new Greeter(PadPolicy.RANDOM, new Random(1), patience),
                EncryptionPolicy.DEFAULT,
                (_, _) -> Optional.of(handshake(1)),
                greeted::add,
                banned::contains,
                System::nanoTime);
    }

    @AfterEach
    void stop() {
        acceptor.close();
    }

    /// Fails as a system out of files does, before it works.
    private final class Failing implements Listener {
        private final Listener real;

        Failing(Listener real) {
            this.real = real;
        }

        @Override
        public InetSocketAddress address() {
            return real.address();
        }

        @Override
        public Link accept() throws IOException {
            if (failures.getAndDecrement() > 0) {
                throw new IOException("too many open files");
            }
            return real.accept();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private static ByteBuffer bytes(Handshake handshake) {
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.BYTES);
        handshake.writeTo(bytes);
        return bytes.flip();
    }

    private Link call() throws IOException {
        return away.connect(port.address(), PATIENCE);
    }

    private static int readAll(Link link) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(1000);
        while (link.read(in, PATIENCE) >= 0) {
            // until the other side hangs up
        }
        return in.position();
    }

    @Test
    void callers_are_greeted_although_accepting_failed_before() throws Exception {
        try (Link link = call()) {
            link.write(bytes(handshake(2)), PATIENCE);
            Greeted found = greeted.poll(5, TimeUnit.SECONDS);
            assertThat(found).isNotNull();
            assertThat(found.handshake()).isEqualTo(handshake(2));
            assertThat(found.isIncoming()).isTrue();
        }
    }

    @Test
    void many_who_say_nothing_keep_nobody_out() throws Exception {
        acceptor.close();
        port = home.listen(new InetSocketAddress(home.ip(), 6882));
        acceptor = acceptor(Duration.ofHours(1));
        acceptor.welcome(TORRENT);
        acceptor.start();
        var silent = new ArrayList<Link>();
        for (int i = 0; i < 2 * PeerAcceptor.MAX_GREETINGS; i++) {
            silent.add(
                    internet.host("10.1.%d.%d".formatted(i / 250, i % 250))
                            .connect(port.address(), PATIENCE));
        }
        try (Link link = call()) {
            link.write(bytes(handshake(2)), PATIENCE);
            assertThat(greeted.take().handshake()).isEqualTo(handshake(2));
        }
        for (Link first : silent.subList(0, PeerAcceptor.MAX_GREETINGS)) {
            assertThat(readAll(first)).isZero();
            first.close();
        }
        silent.forEach(Link::close);
    }

    @Test
    void half_a_handshake_is_answered_and_then_dropped_in_time() throws Exception {
        try (Link link = call()) {
            link.write(bytes(handshake(2)).limit(48), PATIENCE);
            assertThat(readAll(link)).isEqualTo(Handshake.BYTES);
        }
        assertThat(greeted).isEmpty();
        // The link ended when its time was over, a moment before the acceptor heard of it.
        Wait.until(() -> acceptor.failures().equals(new FailedGreetings(0, 0, 1, 0)));
    }

    /// Each byte comes in time, but the whole would take two seconds.
    @Test
    void a_handshake_that_drips_is_dropped_in_time() throws Exception {
        try (Link link = call()) {
            var sent = new AtomicInteger();
            var dripping = Thread.startVirtualThread(() -> drip(link, sent));
            assertThat(readAll(link)).isZero();
            dripping.join();
            assertThat(sent.get()).isLessThan(40);
        }
    }

    private static void drip(Link link, AtomicInteger sent) {
        ByteBuffer slow = bytes(handshake(2));
        try {
            while (sent.get() < 40) {
                link.write(slow.limit(sent.get() + 1), PATIENCE);
                sent.incrementAndGet();
                LockSupport.parkNanos(50_000_000); // the pace of the adversary, not of the test
            }
        } catch (IOException dropped) {
            // what the test waits for
        }
    }

    @Test
    void a_torrent_that_is_not_welcome_gets_no_byte() throws Exception {
        acceptor.unwelcome(TORRENT);
        try (Link link = call()) {
            link.write(bytes(handshake(2)), PATIENCE);
            assertThat(readAll(link)).isZero();
        }
    }

    @Test
    void closing_hangs_up_on_those_who_are_being_greeted() throws Exception {
        acceptor.close();
        port = home.listen(new InetSocketAddress(home.ip(), 6882));
        acceptor = acceptor(Duration.ofHours(1));
        acceptor.welcome(TORRENT);
        acceptor.start();
        try (Link link = call()) {
            link.write(bytes(handshake(2)).limit(48), PATIENCE);
            link.read(ByteBuffer.allocate(Handshake.BYTES), PATIENCE); // it is being greeted now
            acceptor.close();
            assertThat(readAll(link)).isZero();
        }
        assertThatThrownBy(this::call).isInstanceOf(IOException.class);
    }

    /// How many of 40 calls get an answer.
    private int answered(IntFunction<MemoryNetwork.Host> callers) throws IOException {
        int answered = 0;
        for (int call = 0; call < 40; call++) {
            try (Link link = callers.apply(call).connect(port.address(), PATIENCE)) {
                link.write(bytes(handshake(call)), PATIENCE);
                answered += link.read(ByteBuffer.allocate(100), PATIENCE) > 0 ? 1 : 0;
            } catch (IOException refused) {
                assertThat(refused).isNotInstanceOf(ClosedException.class);
            }
        }
        return answered;
    }

    @Test
    void one_address_may_not_call_without_end() throws Exception {
        assertThat(answered(_ -> away)).isEqualTo(15);
        assertThat(answered(call -> internet.host("10.0.1." + call))).isEqualTo(40);
    }

    @Test
    void nor_may_one_network_that_has_addresses_without_end() throws Exception {
        assertThat(answered(call -> internet.host("2001:db8:0:1:%x::1".formatted(call))))
                .isEqualTo(15);
        assertThat(answered(call -> internet.host("2001:db8:0:%x::1".formatted(2 + call))))
                .isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_bug_while_one_caller_is_greeted_costs_that_caller_alone(boolean outOfMemory)
            throws Exception {
        var strike = new AtomicBoolean(true);
        acceptor.close();
        port = home.listen(new InetSocketAddress(home.ip(), 6882));
        acceptor =
                new PeerAcceptor(
                        port,
                        new Greeter(PadPolicy.RANDOM, new Random(1), PATIENCE),
                        EncryptionPolicy.DEFAULT,
                        (_, _) -> {
                            if (strike.getAndSet(false)) {
                                throw outOfMemory
                                        ? new OutOfMemoryError("a bug")
                                        : throwing(new IllegalStateException("a bug"));
                            }
                            return Optional.of(handshake(1));
                        },
                        greeted::add,
                        _ -> false,
                        System::nanoTime);
        acceptor.welcome(TORRENT);
        acceptor.start();
        try (var log = new LoggedErrors();
                Link first = call();
                Link second = call()) {
            first.write(bytes(handshake(2)), PATIENCE);
            assertThat(readAll(first)).isZero();
            second.write(bytes(handshake(3)), PATIENCE);

            assertThat(greeted.poll(5, TimeUnit.SECONDS)).isNotNull();
            assertThat(log.lines()).singleElement().asString().contains("dropped: ", "a bug");
        }
    }

    private static Error throwing(RuntimeException exception) {
        throw exception;
    }
}
