package dev.thistle.protocol.mse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.MalformedException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Machines before noise: they throw nothing but [MalformedException], and never ask for more than
/// the longest legal handshake has.
class MseFuzzTest {

    /// Key, longest pad, req1, SKEY hash, VC to lenC, PadC, lenIA, longest IA.
    private static final int MOST_FROM_INITIATOR = 96 + 512 + 20 + 20 + 14 + 512 + 2 + 16 * 1024;

    /// Key, longest pad, VC to lenD, PadD.
    private static final int MOST_FROM_RESPONDER = 96 + 512 + 14 + 512;

    static LongStream seeds() {
        return LongStream.range(0, 1_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noise_is_refused_within_the_limits(long seed) throws Exception {
        var random = new Random(seed);

        feed(fresh(random), Forger.random(700, seed), 0, random, 628);
        var caller =
                new MseInitiator(
                        Forger.TORRENT,
                        EnumSet.allOf(CryptoMethod.class),
                        Forger.handshake(Forger.TORRENT),
                        PadPolicy.RANDOM,
                        random);
        feed(Fed.of(caller), Forger.random(700, -seed - 1), 0, random, 616);
        assertThat(caller.provedMse()).isFalse();
    }

    private static Fed fresh(Random random) throws MalformedException {
        return Fed.of(
                new MseResponder(
                        SkeyIndex.EMPTY.with(Forger.TORRENT),
                        List.of(CryptoMethod.RC4),
                        PadPolicy.RANDOM,
                        random));
    }

    /// Recorded steps with a few bytes changed, inserted or lost. The exponents are those of the
    /// recording, so that many get far.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void changed_recordings_are_read_or_refused_within_the_limits(long seed) throws Exception {
        var random = new Random(seed);
        JsonNode vector = Vectors.MADE.get("handshakes").get((int) (seed % 10));
        byte[] step3 = changed(Vectors.bytes(vector, "step3"), random);
        byte[] step4 = changed(Vectors.bytes(vector, "step4"), random);

        Fed callee = Fed.of(MseVectorTest.responder(vector));
        byte[] step1 = Vectors.bytes(vector, "step1");
        callee.arrive(step1);
        byte[] there = Forger.join(step3, new byte[17_000]);
        feed(callee, there, step1.length, random, MOST_FROM_INITIATOR);
        Fed caller = Fed.of(MseVectorTest.initiator(vector));
        byte[] step2 = Vectors.bytes(vector, "step2");
        caller.arrive(step2);
        byte[] back = Forger.join(step4, new byte[2_000]);
        feed(caller, back, step2.length, random, MOST_FROM_RESPONDER);
    }

    private static byte[] changed(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(4)) {
            case 0 -> {
                changed[at] ^= (byte) (1 << random.nextInt(8));
                yield changed;
            }
            case 1 -> {
                changed[at] = (byte) random.nextInt();
                changed[random.nextInt(bytes.length)] = (byte) random.nextInt();
                yield changed;
            }
            case 2 ->
                    Forger.join(
                            Arrays.copyOf(bytes, at),
                            Arrays.copyOfRange(bytes, at + 1, bytes.length));
            default ->
                    Forger.join(
                            Arrays.copyOf(bytes, at),
                            Forger.random(1 + random.nextInt(40), at),
                            Arrays.copyOfRange(bytes, at, bytes.length));
        };
    }

    /// Feeds until the machine is done or refuses, and never more than it may want.
    ///
    /// @param most bytes that may arrive before the machine must have made up its mind
    private static void feed(Fed fed, byte[] bytes, int arrived, Random random, int most) {
        int at = 0;
        try {
            while (!fed.isDone() && at < bytes.length) {
                assertThat(arrived + at + fed.asked()).as("asked for").isLessThanOrEqualTo(most);
                int piece = 1 + random.nextInt(Math.min(fed.asked(), bytes.length - at));
                fed.arrive(Arrays.copyOfRange(bytes, at, at + piece));
                at += piece;
            }
        } catch (MalformedException refused) {
            assertThat(refused).hasMessageStartingWith("mse.");
            return;
        }
        assertThat(fed.isDone()).as("has made up its mind").isTrue();
    }
}
