package dev.thistle.isp.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.detect.FullyEncrypted.Dialect;
import dev.thistle.isp.packet.Conversation;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.mse.CryptoMethod;
import dev.thistle.protocol.mse.MseInitiator;
import dev.thistle.protocol.mse.MseNext;
import dev.thistle.protocol.mse.PadPolicy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class FullyEncryptedTest {

    private static final InfoHash TORRENT =
            InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");

    private static boolean flags(Dialect dialect, byte[] first) {
        var talk = new Conversation("10.64.0.1", 40_000, "10.128.0.9", 51_413);
        var watched = new Watched(new FullyEncrypted(dialect));
        watched.see(talk.open()).see(talk.say(first, 1 << 15)).see(talk.say(first, 1 << 15));
        assertThat(watched.verdicts.size()).isLessThanOrEqualTo(1);
        return !watched.verdicts.isEmpty();
    }

    /// What our own initiator sends first: its key and PadA.
    private static byte[] firstFlight(long seed, PadPolicy pads) throws MalformedException {
        var machine =
                new MseInitiator(
                        TORRENT,
                        EnumSet.of(CryptoMethod.RC4),
                        ByteBuffer.allocate(68),
                        pads,
                        new Random(seed));
        if (machine.receive(ByteBuffer.allocate(0)) instanceof MseNext.Send(ByteBuffer bytes)) {
            byte[] first = new byte[bytes.remaining()];
            bytes.get(first);
            return first;
        }
        throw new AssertionError("an initiator speaks first");
    }

    private static long flagged(Dialect dialect, int handshakes, PadPolicy pads) {
        return LongStream.range(0, handshakes)
                .filter(seed -> {
                    try {
                        return flags(dialect, firstFlight(seed, pads));
                    } catch (MalformedException impossible) {
                        throw new AssertionError(impossible);
                    }
                })
                .count();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void random_pads_do_not_help(Dialect dialect) {
        assertThat(flagged(dialect, 1000, PadPolicy.RANDOM)).isGreaterThanOrEqualTo(990);
    }

    /// The pads that are left random around it: 0 to `around` bytes before and behind.
    private static PadPolicy shaped(byte[] shape, int around) {
        return (pad, random) -> {
            byte[] before = new byte[random.nextInt(around + 1)];
            byte[] behind = new byte[random.nextInt(around + 1)];
            random.nextBytes(before);
            random.nextBytes(behind);
            return ByteBuffer.allocate(before.length + shape.length + behind.length)
                    .put(before)
                    .put(shape)
                    .put(behind)
                    .array();
        };
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_pad_with_21_printable_bytes_in_it_always_does(Dialect dialect) {
        byte[] text = Watched.latin("Lorem ipsum dolor sit");
        assertThat(text).hasSize(21);
        assertThat(flagged(dialect, 300, shaped(text, 0))).isZero();
        assertThat(flagged(dialect, 300, shaped(text, 200))).isZero();
    }

    @Test
    void a_pad_of_32_zeros_lowers_the_bits_far_enough() {
        assertThat(flagged(Dialect.PAPER, 1000, shaped(new byte[32], 0))).isZero();
        assertThat(flagged(Dialect.PAPER, 300, PadPolicy.NONE)).isGreaterThan(290);
    }

    @Test
    void real_initiators_are_flagged_and_their_handshakes_in_the_clear_are_not() {
        for (var capture : Vectors.mse().toList()) {
            byte[] stream = Vectors.hex(capture.get("stream_a_to_b"));
            int first = 96 + capture.get("decoded").get("padA_len").asInt();
            for (Dialect dialect : Dialect.values()) {
                assertThat(flags(dialect, Arrays.copyOf(stream, first)))
                        .as("%s, %s", dialect, capture.get("name"))
                        .isTrue();
            }
        }
        HandshakeSignatureTest.handshakes()
                .forEach(handshake -> {
                    for (Dialect dialect : Dialect.values()) {
                        assertThat(flags(dialect, handshake)).as(dialect.id()).isFalse();
                    }
                });
    }

    /// Bytes with four bits set each, none of them printable: nothing excuses them.
    private static byte[] dull(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 0b1001_1001);
        return bytes;
    }

    private static byte[] with(byte[] bytes, int at, byte[] part) {
        byte[] all = bytes.clone();
        System.arraycopy(part, 0, all, at, part.length);
        return all;
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void each_excuse_has_its_edge(Dialect dialect) {
        assertThat(flags(dialect, dull(100))).isTrue();

        byte[] six = Watched.latin("abcKLM"); // about four bits each
        assertThat(flags(dialect, with(dull(100), 0, six))).isFalse();
        assertThat(flags(dialect, with(dull(100), 0, Arrays.copyOf(six, 5)))).isTrue();
        assertThat(flags(dialect, with(dull(100), 1, six))).isTrue();

        byte[] half = dull(100);
        for (int at = 1; at < 100; at += 2) {
            half[at] = 'g'; // 50 of 100, never two in a row
        }
        assertThat(flags(dialect, half)).isTrue();
        half[0] = 'g'; // 51
        assertThat(flags(dialect, half)).isFalse();
    }

    @Test
    void the_share_of_bits_has_its_edge() {
        byte[] few = dull(10); // 40 bits; 34 are 3.4 a byte
        for (int at = 0; at < 6; at++) {
            few[at] = (byte) 0b1000_0011; // three bits
        }
        assertThat(flags(Dialect.PAPER, few)).isFalse();
        few[0] = (byte) 0b1001_1001;
        assertThat(flags(Dialect.PAPER, few)).isTrue();

        byte[] many = dull(10);
        for (int at = 0; at < 6; at++) {
            many[at] = (byte) 0b1001_1011;
        }
        assertThat(flags(Dialect.PAPER, many)).isFalse();
        many[0] = (byte) 0b1001_1001;
        assertThat(flags(Dialect.PAPER, many)).isTrue();
    }

    @Test
    void the_dialects_differ_where_they_are_said_to() {
        byte[] run = Watched.latin("g".repeat(20));
        byte[] twenty = with(dull(100), 50, run);
        assertThat(flags(Dialect.PAPER, twenty)).isTrue();
        assertThat(flags(Dialect.OPENGFW, twenty)).isTrue();
        assertThat(flags(Dialect.NDPI, twenty)).isFalse();

        byte[] record = with(dull(100), 0, new byte[] {0x17, 3, 3});
        assertThat(flags(Dialect.PAPER, record)).isFalse();
        assertThat(flags(Dialect.OPENGFW, record)).isFalse();
        assertThat(flags(Dialect.NDPI, record)).isTrue();

        byte[] hello = with(dull(100), 0, new byte[] {0x16, 3, 1, 0, 95, 1});
        for (Dialect dialect : Dialect.values()) {
            assertThat(flags(dialect, hello)).isFalse();
            assertThat(flags(dialect, with(dull(100), 0, Watched.latin("GET ")))).isFalse();
            assertThat(flags(dialect, with(dull(100), 0, Watched.latin("GOT ")))).isTrue();
        }

        byte[] long1 = with(dull(9000), 8300, Watched.latin("g".repeat(30)));
        assertThat(flags(Dialect.PAPER, long1)).isFalse();
        assertThat(flags(Dialect.OPENGFW, long1)).isTrue();
    }

    @Test
    void only_the_first_payload_of_a_client_whose_start_was_seen_counts() throws Exception {
        byte[] first = firstFlight(1, PadPolicy.RANDOM);
        var talk = new Conversation("10.64.0.1", 40_000, "10.128.0.9", 51_413);
        var watched = new Watched(new FullyEncrypted(Dialect.PAPER));

        talk.open(); // unseen
        watched.see(talk.say(first));
        assertThat(watched.verdicts).isEmpty();

        var server = new Conversation("10.64.0.1", 40_001, "10.128.0.9", 51_413);
        watched.see(server.open()).see(server.answer(first));
        watched.see(server.say(Watched.latin("USER anonymous\r\n"))).see(server.say(first));
        assertThat(watched.verdicts).isEmpty();
    }
}
