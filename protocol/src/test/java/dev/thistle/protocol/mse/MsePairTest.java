package dev.thistle.protocol.mse;

import static dev.thistle.protocol.mse.Forger.TORRENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.peer.HandshakeReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Both machines, joined by a wire that cuts where it likes.
class MsePairTest {

    private static final List<List<CryptoMethod>> CHOICES =
            List.of(
                    List.of(CryptoMethod.RC4),
                    List.of(CryptoMethod.PLAINTEXT),
                    List.of(CryptoMethod.RC4, CryptoMethod.PLAINTEXT),
                    List.of(CryptoMethod.PLAINTEXT, CryptoMethod.RC4));

    /// What one side has written and the other not yet read.
    private static final class Wire {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int delivered;

        void write(byte[] more) {
            bytes.writeBytes(more);
        }

        int waiting() {
            return bytes.size() - delivered;
        }

        byte[] deliver(Random random) {
            int count = 1 + random.nextInt(Math.min(waiting(), 1 + random.nextInt(700)));
            delivered += count;
            return Arrays.copyOfRange(bytes.toByteArray(), delivered - count, delivered);
        }
    }

    /// Every offer and every preference, with random pads: 16 pairs by turns.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void two_machines_agree_however_the_wire_cuts(long seed) throws Exception {
        var random = new Random(seed);
        List<CryptoMethod> provide = CHOICES.get((int) (seed % 4));
        List<CryptoMethod> preference = CHOICES.get((int) (seed / 4 % 4));
        ByteBuffer handshake = Forger.handshake(TORRENT);
        var calling =
                new MseInitiator(TORRENT, Set.copyOf(provide), handshake, PadPolicy.RANDOM, random);
        Fed caller = Fed.of(calling);
        Fed callee =
                Fed.of(
                        new MseResponder(
                                SkeyIndex.EMPTY.with(TORRENT).with(Forger.OTHER),
                                preference,
                                PadPolicy.RANDOM,
                                random));
        if (preference.stream().noneMatch(provide::contains)) {
            assertThatThrownBy(() -> converse(caller, callee, random))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageStartingWith("mse.crypto_provide: ");
            return;
        }

        converse(caller, callee, random);

        CryptoMethod best = preference.stream().filter(provide::contains).findFirst().orElseThrow();
        assertThat(caller.done().cipher().method()).isEqualTo(best);
        assertThat(callee.done().cipher().method()).isEqualTo(best);
        assertThat(callee.done().infoHash()).isEqualTo(TORRENT);
        byte[] rest = Fed.bytes(handshake.position(calling.handshakeBytesSent()));
        assertThat(Forger.join(callee.initialPayload(), across(caller, callee, rest)))
                .isEqualTo(Fed.bytes(handshake.position(0)));
        byte[] payload = Forger.random(5_000, seed);
        assertThat(across(caller, callee, payload)).isEqualTo(payload);
        assertThat(across(callee, caller, payload)).isEqualTo(payload);
        assertThat(across(caller, callee, payload)).isEqualTo(payload);
    }

    static LongStream seeds() {
        return LongStream.range(0, 1_000);
    }

    private static void converse(Fed caller, Fed callee, Random random) throws MalformedException {
        var there = new Wire();
        var back = new Wire();
        while (!caller.isDone() || !callee.isDone()) {
            there.write(caller.takeSent());
            back.write(callee.takeSent());
            assertThat(there.waiting() + back.waiting()).as("on its way").isPositive();
            if (there.waiting() > 0 && (back.waiting() == 0 || random.nextBoolean())) {
                callee.arrive(there.deliver(random));
            } else {
                caller.arrive(back.deliver(random));
            }
        }
        assertThat(there.waiting() + back.waiting()).isZero();
        assertThat(caller.left()).isEmpty();
        assertThat(callee.left()).isEmpty();
    }

    private static byte[] across(Fed from, Fed to, byte[] payload) {
        byte[] bytes = payload.clone();
        from.done().cipher().encrypt(ByteBuffer.wrap(bytes));
        to.done().cipher().decrypt(ByteBuffer.wrap(bytes));
        return bytes;
    }

    /// The machines do not look into the payload; who reads it refuses at the first wrong byte.
    @Test
    void mse_inside_mse_is_refused_by_the_reader_of_handshakes() throws Exception {
        var random = new Random(1);
        Fed callee =
                Fed.of(
                        new MseResponder(
                                SkeyIndex.EMPTY.with(TORRENT),
                                List.of(CryptoMethod.RC4),
                                PadPolicy.NONE,
                                random));
        Forger caller = Forger.calling(callee);
        byte[] innerKey = KeyExchange.draw(random).publicKey();
        callee.arrive(caller.secondStep(2, innerKey.length)).arrive(caller.enciphered(innerKey));

        var reader = new HandshakeReader();

        assertThatThrownBy(() -> reader.receive(callee.done().initialPayload()))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("handshake.protocol at byte 0: ");
    }
}
