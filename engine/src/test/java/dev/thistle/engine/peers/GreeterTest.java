package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.peers.Greeter.NoMseException;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.snapshot.Protection;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.mse.CryptoMethod;
import dev.thistle.protocol.mse.MseInitiator;
import dev.thistle.protocol.mse.MseNext;
import dev.thistle.protocol.mse.PadPolicy;
import dev.thistle.protocol.mse.SkeyIndex;
import dev.thistle.protocol.peer.Handshake;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Two greeters, or one and a hand-made peer, over links in memory.
@Timeout(60)
class GreeterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InfoHash TORRENT = infoHash(1);
    private static final InfoHash OTHER = infoHash(2);
    private static final Handshake CALLER = handshake(TORRENT, 3);
    private static final Set<InfoHash> CALLER_KNOWS = Set.of(TORRENT);
    private static final Handshake CALLEE = handshake(TORRENT, 4);

    private final MemoryNetwork internet = new MemoryNetwork(5);

    private static InfoHash infoHash(int fill) {
        return InfoHash.read(filled(InfoHash.BYTES, fill));
    }

    private static Handshake handshake(InfoHash torrent, int fill) {
        return new Handshake(Handshake.FAST, torrent, PeerId.read(filled(PeerId.BYTES, fill)));
    }

    private static ByteBuffer filled(int length, int fill) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) fill);
        return ByteBuffer.wrap(bytes);
    }

    /// Says something to the answering side.
    private interface Call<T> {
        T on(Link link) throws IOException;
    }

    /// What became of a call: what each side has, or the exception that it ended with.
    private record Outcome<T>(Future<T> caller, Future<Greeted> callee) {

        T called() throws IOException {
            return result(caller);
        }

        Greeted answered() throws IOException {
            return result(callee);
        }

        private static <R> R result(Future<R> future) throws IOException {
            try {
                return future.get();
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof IOException io) {
                    throw io;
                }
                throw new CompletionException(failed.getCause());
            } catch (InterruptedException interrupted) {
                throw new CompletionException(interrupted);
            }
        }
    }

    /// Runs both sides, each on its thread, until both are through. A side that fails hangs up.
    private <T> Outcome<T> meet(Call<T> call, EncryptionPolicy answering) throws IOException {
        MemoryNetwork.Host callee = internet.host("10.0.0.2");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Listener listener = callee.listen(new InetSocketAddress(0))) {
            Link there = internet.host("10.0.0.1").connect(listener.address(), PATIENCE);
            Link here = listener.accept();
            return new Outcome<>(
                    threads.submit(() -> orHangUp(there, call)),
                    threads.submit(() ->
                            orHangUp(
                                    here,
                                    link ->
                                            greeter(7)
                                                    .answer(
                                                            link,
                                                            answering,
                                                            SkeyIndex.EMPTY.with(TORRENT),
                                                            GreeterTest::ours))));
        }
    }

    private static <T> T orHangUp(Link link, Call<T> call) throws IOException {
        try {
            return call.on(link);
        } catch (IOException failed) {
            link.close();
            throw failed;
        }
    }

    private static Optional<Handshake> ours(InfoHash asked, long reserved) {
        return asked.equals(TORRENT) ? Optional.of(CALLEE) : Optional.empty();
    }

    private static Greeter greeter(long seed) {
        return new Greeter(PadPolicy.RANDOM, new Random(seed), PATIENCE);
    }

    /// Has all patience, but not with who says nothing at all.
    @Test
    void silence_ends_a_greeting_before_its_time_is_over() {
        var greeter = new Greeter(PadPolicy.RANDOM, new Random(1), Duration.ofHours(1));
        var asked = new ArrayList<Duration>();
        try (Link silent = new SilentLink(asked)) {
            assertThatThrownBy(() ->
                            greeter.answer(
                                    silent,
                                    ANYTHING,
                                    SkeyIndex.EMPTY.with(TORRENT),
                                    GreeterTest::ours))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(asked).containsExactly(Greeter.SILENCE);
    }

    /// Where nothing comes and time flies.
    private record SilentLink(List<Duration> asked) implements Link {
        private static final InetSocketAddress NOWHERE = new InetSocketAddress(1);

        @Override
        public InetSocketAddress remote() {
            return NOWHERE;
        }

        @Override
        public InetSocketAddress local() {
            return NOWHERE;
        }

        @Override
        public int read(ByteBuffer target, Duration patience) throws IOException {
            asked.add(patience);
            throw new SocketTimeoutException("nothing came");
        }

        @Override
        public void write(ByteBuffer source, Duration patience) {
            source.position(source.limit());
        }

        @Override
        public void close() {}
    }

    private static final EncryptionPolicy ANYTHING = new EncryptionPolicy(Level.ALLOW, Cipher.ANY);

    static Stream<EncryptionPolicy> policies() {
        return Stream.of(Level.values())
                .flatMap(level ->
                        Stream.of(Cipher.values())
                                .map(cipher -> new EncryptionPolicy(level, cipher)));
    }

    static Stream<EncryptionPolicy> policiesThatCallByMse() {
        return policies().filter(EncryptionPolicy::permitsMse);
    }

    @ParameterizedTest
    @MethodSource("policiesThatCallByMse")
    void an_mse_call_ends_as_both_policies_say(EncryptionPolicy calling) throws Exception {
        for (EncryptionPolicy answering : policies().toList()) {
            Set<CryptoMethod> offer = calling.offer();
            Outcome<Greeted> outcome =
                    meet(link -> greeter(6).callMse(link, CALLER, CALLER_KNOWS, offer), answering);
            Optional<CryptoMethod> expected =
                    answering.permitsMse()
                            ? answering.preference().stream().filter(offer::contains).findFirst()
                            : Optional.empty();
            if (expected.isPresent()) {
                checkGreeted(outcome, protection(expected.get()));
            } else {
                assertThatThrownBy(outcome::called)
                        .as("answered by %s", answering)
                        .isInstanceOf(NoMseException.class);
                assertThatThrownBy(outcome::answered)
                        .as("answered by %s", answering)
                        .isInstanceOf(MalformedException.class)
                        .hasMessageStartingWith(
                                answering.permitsMse()
                                        ? "mse.crypto_provide: "
                                        : "handshake at byte 0: MSE or noise, allowed only plain");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void a_plaintext_call_is_answered_unless_mse_is_required(EncryptionPolicy answering)
            throws Exception {
        Outcome<Greeted> outcome =
                meet(link -> greeter(6).callPlain(link, CALLER, CALLER_KNOWS), answering);

        if (answering.level() == Level.REQUIRE) {
            assertThatThrownBy(outcome::answered)
                    .isInstanceOf(MalformedException.class)
                    .hasMessageStartingWith("handshake at byte 0: plaintext, allowed only MSE");
            assertThatThrownBy(outcome::called).isInstanceOf(IOException.class);
        } else {
            checkGreeted(outcome, Protection.PLAINTEXT);
        }
    }

    private static Protection protection(CryptoMethod method) {
        return switch (method) {
            case PLAINTEXT -> Protection.MSE_PLAINTEXT;
            case RC4 -> Protection.MSE_RC4;
        };
    }

    private static void checkGreeted(Outcome<Greeted> outcome, Protection protection)
            throws IOException {
        Greeted caller = outcome.called();
        Greeted callee = outcome.answered();
        assertThat(caller.handshake()).isEqualTo(CALLEE);
        assertThat(callee.handshake()).isEqualTo(CALLER);
        assertThat(List.of(caller.protection(), callee.protection())).containsOnly(protection);
        assertThat(caller.isIncoming()).isFalse();
        assertThat(callee.isIncoming()).isTrue();
        checkPayload(caller, callee);
        checkPayload(callee, caller);
        caller.link().close();
        callee.link().close();
    }

    private static void checkPayload(Greeted from, Greeted to) throws IOException {
        from.link().write(filled(100, 9), PATIENCE);
        ByteBuffer got = ByteBuffer.allocate(100).put(to.received());
        while (got.hasRemaining()) {
            assertThat(to.link().read(got, PATIENCE)).isPositive();
        }
        assertThat(got.flip()).isEqualTo(filled(100, 9));
    }

    @Test
    void an_mse_call_to_an_old_client_says_that_it_answered_in_plaintext() throws Exception {
        MemoryNetwork.Host callee = internet.host("10.0.0.3");
        try (Listener listener = callee.listen(new InetSocketAddress(0))) {
            Link there = internet.host("10.0.0.1").connect(listener.address(), PATIENCE);
            listener.accept().write(bytes(CALLEE), PATIENCE);

            assertThatThrownBy(() ->
                            greeter(6)
                                    .callMse(there, CALLER, CALLER_KNOWS, Set.of(CryptoMethod.RC4)))
                    .isInstanceOf(NoMseException.class)
                    .hasMessageContaining("mse.yb: a plaintext BitTorrent handshake");
        }
    }

    @Test
    void who_asks_for_an_unknown_torrent_hears_nothing_but_the_public_key() throws Exception {
        var seen = ByteBuffer.allocate(4_096);
        Outcome<Boolean> outcome =
                meet(link -> speak(link, OTHER, bytes(handshake(OTHER, 3)), seen), ANYTHING);

        assertThatThrownBy(outcome::answered)
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("mse.skey: an unknown torrent");
        assertThatThrownBy(outcome::called).isInstanceOf(EOFException.class);
        assertThat(seen.position()).isBetween(96, 608);
    }

    @Test
    void a_handshake_for_another_torrent_than_the_key_is_refused() throws Exception {
        var seen = ByteBuffer.allocate(4_096);
        Outcome<Boolean> outcome =
                meet(link -> speak(link, TORRENT, bytes(handshake(OTHER, 3)), seen), ANYTHING);

        assertThatThrownBy(outcome::answered)
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("handshake.info-hash at byte 28: another torrent's");
    }

    @Test
    void mse_inside_mse_is_refused() throws Exception {
        byte[] noise = new byte[Handshake.BYTES];
        new Random(8).nextBytes(noise);
        var seen = ByteBuffer.allocate(4_096);
        Outcome<Boolean> outcome =
                meet(link -> speak(link, TORRENT, ByteBuffer.wrap(noise), seen), ANYTHING);

        assertThatThrownBy(outcome::answered)
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("handshake.protocol at byte 0: ");
    }

    private static ByteBuffer bytes(Handshake handshake) {
        ByteBuffer bytes = ByteBuffer.allocate(Handshake.BYTES);
        handshake.writeTo(bytes);
        return bytes.flip();
    }

    /// Speaks MSE by hand, with `payload` where the handshake belongs.
    ///
    /// @param seen takes all that was read
    private static boolean speak(Link link, InfoHash torrent, ByteBuffer payload, ByteBuffer seen)
            throws IOException {
        var machine =
                new MseInitiator(
                        torrent,
                        Set.of(CryptoMethod.RC4),
                        payload,
                        PadPolicy.RANDOM,
                        new Random(9));
        ByteBuffer in = seen.duplicate().flip();
        while (true) {
            switch (machine.receive(in)) {
                case MseNext.Send(ByteBuffer bytes) -> link.write(bytes, PATIENCE);
                case MseNext.Read _ -> {
                    if (link.read(seen, PATIENCE) < 0) {
                        throw new EOFException("hung up");
                    }
                    in.limit(seen.position());
                }
                case MseNext.Done _ -> {
                    return true;
                }
            }
        }
    }
}
