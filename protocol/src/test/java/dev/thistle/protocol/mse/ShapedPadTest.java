package dev.thistle.protocol.mse;

import static dev.thistle.protocol.mse.CryptoMethod.RC4;
import static dev.thistle.protocol.mse.Forger.TORRENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.mse.PadPolicy.Pad;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The rule for "fully encrypted" traffic is written here a second time, from the paper (Wu et al.,
/// USENIX Security 2023), and judges whole first steps, keys included.
@Timeout(60)
class ShapedPadTest {

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_printable_beginning_exempts_both_first_steps(long seed) throws Exception {
        for (byte[] step : firstSteps(PadPolicy.PRINTABLE21, seed)) {
            assertThat(longestPrintableRun(step)).isGreaterThan(20);
            assertThat(step.length).isBetween(96 + 21, 96 + 512);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void zeros_exempt_both_first_steps(long seed) throws Exception {
        for (byte[] step : firstSteps(PadPolicy.ZEROS32, seed)) {
            assertThat(setBitsPerByte(step)).isLessThanOrEqualTo(3.4);
            assertThat(step.length).isBetween(96 + 32, 96 + 512);
            assertThat(new String(step, 96, 32, StandardCharsets.ISO_8859_1))
                    .isEqualTo("\0".repeat(32));
        }
    }

    /// So the two tests above can fail.
    @Test
    void nearly_all_random_first_steps_are_taken_for_encrypted() throws Exception {
        int exempt = 0;
        for (long seed = 0; seed < 200; seed++) {
            for (byte[] step : firstSteps(PadPolicy.RANDOM, seed)) {
                if (longestPrintableRun(step) > 20 || setBitsPerByte(step) <= 3.4) {
                    exempt++;
                }
            }
        }
        assertThat(exempt).isLessThan(4);
    }

    @ParameterizedTest
    @MethodSource("shaped")
    void lengths_are_still_random_up_to_the_longest(PadPolicy policy) {
        var random = new Random(1);
        var lengths =
                Stream.generate(() -> policy.bytes(Pad.A, random).length)
                        .limit(10_000)
                        .mapToInt(Integer::intValue)
                        .summaryStatistics();

        assertThat(lengths.getMin()).isIn(21, 50);
        assertThat(lengths.getMax()).isEqualTo(512);
        assertThat(lengths.getAverage())
                .isBetween(lengths.getMin() / 2.0 + 246, lengths.getMin() / 2.0 + 266);
    }

    @ParameterizedTest
    @EnumSource(names = {"C", "D"})
    void an_enciphered_pad_needs_no_shape(Pad pad) {
        shaped().forEach(policy ->
                assertThat(policy.bytes(pad, new Random(3)))
                        .isEqualTo(PadPolicy.RANDOM.bytes(pad, new Random(3))));
    }

    @ParameterizedTest
    @MethodSource("shaped")
    void two_machines_agree_over_shaped_pads(PadPolicy policy) throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            Fed caller =
                    Fed.of(
                            new MseInitiator(
                                    TORRENT,
                                    Set.of(RC4),
                                    Forger.handshake(TORRENT),
                                    policy,
                                    random));
            Fed callee =
                    Fed.of(
                            new MseResponder(
                                    SkeyIndex.EMPTY.with(TORRENT), List.of(RC4), policy, random));
            while (!caller.isDone() || !callee.isDone()) {
                callee.arrive(caller.takeSent());
                caller.arrive(callee.takeSent());
            }

            assertThat(callee.done().cipher().method()).isEqualTo(RC4);
        }
    }

    /// What the caller sends first, and what the called answers first.
    private static List<byte[]> firstSteps(PadPolicy policy, long seed) throws Exception {
        Random random = new Random(seed);
        return List.of(
                KeyExchange.draw(random).firstStep(policy.bytes(Pad.A, random)).array(),
                KeyExchange.draw(random).firstStep(policy.bytes(Pad.B, random)).array());
    }

    private static int longestPrintableRun(byte[] bytes) {
        int longest = 0;
        int run = 0;
        for (byte b : bytes) {
            run = b >= 0x20 && b <= 0x7e ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static double setBitsPerByte(byte[] bytes) {
        int set = 0;
        for (byte b : bytes) {
            set += Integer.bitCount(b & 0xff);
        }
        return (double) set / bytes.length;
    }

    static Stream<PadPolicy> shaped() {
        return Stream.of(PadPolicy.PRINTABLE21, PadPolicy.ZEROS32);
    }

    static LongStream seeds() {
        return LongStream.range(0, 1_000);
    }
}
