package dev.thistle.protocol.mse;

import static dev.thistle.protocol.mse.CryptoMethod.PLAINTEXT;
import static dev.thistle.protocol.mse.CryptoMethod.RC4;
import static dev.thistle.protocol.mse.Forger.TORRENT;
import static dev.thistle.protocol.mse.Forger.join;
import static dev.thistle.protocol.mse.Forger.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a responder may do wrong, and what it may do although it looks odd.
class MseInitiatorTest {

    private static final byte[] HEADER =
            "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

    private final MseInitiator machine = machine(Set.of(RC4, PLAINTEXT));
    private final Fed initiator;

    MseInitiatorTest() throws MalformedException {
        initiator = Fed.of(machine);
    }

    private static MseInitiator machine(Set<CryptoMethod> provide) {
        return new MseInitiator(
                TORRENT, provide, Forger.handshake(TORRENT), PadPolicy.NONE, new Random(1));
    }

    private static void assertRefused(ThrowingCallable arrival, String message) {
        assertThatThrownBy(arrival).isInstanceOf(MalformedException.class).hasMessage(message);
    }

    @Test
    void speaks_first_and_waits_for_the_key() throws Exception {
        assertThat(initiator.takeSent()).hasSize(96);
        assertThat(machine.handshakeBytesSent()).isZero();

        initiator.arrive(Arrays.copyOf(KeyExchange.draw(new Random(2)).publicKey(), 95));

        assertThat(initiator.asked()).isEqualTo(1);
        assertThat(initiator.takeSent()).isEmpty();
    }

    @Test
    void sends_the_whole_handshake_where_only_rc4_is_offered() throws Exception {
        assertThat(iaSentBy(machine(Set.of(RC4)), 2))
                .isEqualTo(Fed.bytes(Forger.handshake(TORRENT)))
                .hasSize(68);
    }

    @Test
    void keeps_the_handshake_out_of_the_key_exchange_where_plaintext_is_offered() throws Exception {
        assertThat(iaSentBy(machine(Set.of(PLAINTEXT)), 1)).isEmpty();
        assertThat(iaSentBy(machine(Set.of(RC4, PLAINTEXT)), 3)).isEmpty();
    }

    private static byte[] iaSentBy(MseInitiator machine, int provide) throws Exception {
        Fed fed = Fed.of(machine);
        Forger callee = Forger.answering(fed);
        byte[] second = fed.takeSent();
        assertThat(Arrays.copyOf(second, 40)).isEqualTo(callee.hashes());
        byte[] plain = callee.deciphered(Arrays.copyOfRange(second, 40, second.length));
        ByteBuffer fields = ByteBuffer.wrap(plain);
        assertThat(fields.getLong()).as("VC").isZero();
        assertThat(fields.getInt()).as("crypto_provide").isEqualTo(provide);
        assertThat(fields.getShort()).as("lenC").isZero();
        assertThat(fields.getShort()).as("lenIA").isEqualTo((short) fields.remaining());
        assertThat(machine.handshakeBytesSent()).isEqualTo(fields.remaining());
        return Fed.bytes(fields);
    }

    @Test
    void leaves_the_handshake_that_it_is_given_as_it_was() {
        ByteBuffer handshake = Forger.handshake(TORRENT);

        assertThat(
                        new MseInitiator(
                                        TORRENT,
                                        Set.of(RC4),
                                        handshake,
                                        PadPolicy.NONE,
                                        new Random(1))
                                .provedMse())
                .isFalse();

        assertThat(handshake.position()).isZero();
        assertThat(handshake.remaining()).isEqualTo(68);
    }

    @Test
    void takes_a_whole_pad_with_the_key_but_not_more() throws Exception {
        byte[] key = KeyExchange.draw(new Random(2)).publicKey();

        Fed.of(machine(Set.of(RC4))).arrive(join(key, new byte[512]));
        assertRefused(
                () -> initiator.arrive(join(key, new byte[513])),
                "mse.padB: 513 bytes with the key, allowed at most 512 (TOO_LARGE)");
    }

    @Test
    void refuses_a_plaintext_answer_at_its_20th_byte_and_says_so() throws Exception {
        initiator.arriveSlowly(Arrays.copyOf(HEADER, 19));
        assertThat(initiator.asked()).isEqualTo(1);

        assertRefused(
                () -> initiator.arrive(HEADER[19]),
                "mse.yb: a plaintext BitTorrent handshake, allowed only a public key (BAD_VALUE)");
        assertThat(machine.provedMse()).isFalse();
    }

    @Test
    void takes_a_key_that_begins_like_the_plaintext_header() throws Exception {
        byte[] key = random(96, 12);
        System.arraycopy(HEADER, 0, key, 0, 19);

        initiator.takeSent();
        initiator.arriveSlowly(key);

        assertThat(initiator.takeSent()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 511, 512})
    void finds_vc_at_every_legal_offset(int offset) throws Exception {
        Forger callee = Forger.answering(initiator);

        initiator.arrive(random(offset, 3)).arrive(callee.select(RC4.bit(), 0));

        assertThat(initiator.isDone()).isTrue();
        assertThat(machine.provedMse()).isTrue();
    }

    @Test
    void refuses_vc_behind_513_bytes_of_pad() throws Exception {
        Forger callee = Forger.answering(initiator);

        assertRefused(
                () -> initiator.arrive(random(513, 3)).arrive(callee.select(RC4.bit(), 0)),
                "mse.vc: not found, allowed only within the first 616 bytes (BAD_VALUE)");
        assertThat(machine.provedMse()).isFalse();
    }

    @Test
    void finds_vc_split_at_every_byte() throws Exception {
        for (int at = 0; at <= 14; at++) {
            Fed fed = Fed.of(machine(Set.of(RC4)));
            byte[] answer = Forger.answering(fed).select(RC4.bit(), 0);
            fed.arrive(join(random(40, 4), Arrays.copyOf(answer, at)));
            fed.arrive(Arrays.copyOfRange(answer, at, 14));
            assertThat(fed.isDone()).as("split at %d", at).isTrue();
        }
    }

    @Test
    void finds_vc_behind_parts_of_itself() throws Exception {
        byte[] answer = Forger.answering(initiator).select(RC4.bit(), 0);
        byte[] most = Arrays.copyOf(answer, 7);

        initiator.arrive(join(most, most, most)).arrive(answer);

        assertThat(initiator.isDone()).isTrue();
    }

    @Test
    void reads_the_pads_and_the_answer_in_one_segment() throws Exception {
        Forger callee = Forger.answering(initiator);
        byte[] answer = callee.select(RC4.bit(), 512);
        byte[] padD = callee.enciphered(random(512, 13));
        byte[] payload = callee.enciphered(random(9, 14));

        initiator.arrive(join(random(512, 15), answer, padD, payload));

        assertThat(initiator.payload()).isEqualTo(random(9, 14));
    }

    /// Nobody can answer so early, but a machine must not depend on it.
    @Test
    void reads_the_key_the_pads_and_the_answer_in_one_segment() throws Exception {
        JsonNode vector = Vectors.handshake("partial-ia");
        Fed fed = Fed.of(MseVectorTest.initiator(vector));

        fed.arrive(Vectors.bytes(vector, "stream_b_to_a"));

        assertThat(fed.payload()).isEqualTo(Vectors.bytes(vector, "payload_b_plain"));
    }

    @Test
    void cuts_off_who_sends_for_ever_after_616_bytes() throws Exception {
        Forger.answering(initiator);
        var arrived = new int[] {96};

        assertThatThrownBy(
                        () -> {
                            while (true) {
                                arrived[0]++;
                                initiator.arrive((byte) arrived[0]);
                            }
                        })
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("mse.vc: not found");
        assertThat(arrived[0]).isEqualTo(616);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 0x80000002})
    void refuses_a_select_that_is_not_exactly_one_offered_bit(int bits) throws Exception {
        Forger callee = Forger.answering(initiator);

        assertRefused(
                () -> initiator.arrive(callee.select(bits, 0)),
                "mse.crypto_select: 0x%08x, allowed one bit of 0x00000003 (BAD_VALUE)"
                        .formatted(bits));
        assertThat(machine.provedMse()).as("it speaks MSE all the same").isTrue();
    }

    @Test
    void refuses_a_select_that_was_not_offered() throws Exception {
        Fed fed = Fed.of(machine(Set.of(RC4)));
        Forger callee = Forger.answering(fed);

        assertRefused(
                () -> fed.arrive(callee.select(PLAINTEXT.bit(), 0)),
                "mse.crypto_select: 0x00000001, allowed one bit of 0x00000002 (BAD_VALUE)");
    }

    @ParameterizedTest
    @ValueSource(ints = {513, 65535})
    void refuses_len_d_over_512(int lenD) throws Exception {
        Forger callee = Forger.answering(initiator);

        assertRefused(
                () -> initiator.arrive(callee.select(RC4.bit(), lenD)),
                "mse.lenD: %d, allowed 0..512 (TOO_LARGE)".formatted(lenD));
    }

    @Test
    void leaves_clear_payload_in_the_segment_of_pad_d_as_it_is() throws Exception {
        Forger callee = Forger.answering(initiator);
        byte[] clear = random(100, 16);

        initiator.arrive(
                join(callee.select(PLAINTEXT.bit(), 33), callee.enciphered(new byte[33]), clear));

        assertThat(initiator.left()).isEqualTo(clear);
        assertThat(initiator.payload()).isEqualTo(clear);
        assertThat(initiator.done().cipher().method()).isEqualTo(PLAINTEXT);
    }

    @Test
    void at_every_end_of_the_stream_it_asks_for_more() throws Exception {
        Forger callee = Forger.answering(initiator);
        byte[] answer = join(callee.select(RC4.bit(), 5), callee.enciphered(new byte[5]));
        for (byte one : answer) {
            assertThat(initiator.isDone()).isFalse();
            assertThat(initiator.asked()).isBetween(1, 8);
            initiator.arrive(one);
        }
        assertThat(initiator.isDone()).isTrue();
    }

    @Test
    void a_machine_that_is_over_takes_nothing_more() throws Exception {
        initiator.arrive(Forger.answering(initiator).select(RC4.bit(), 0));

        assertThatThrownBy(() -> machine.receive(ByteBuffer.allocate(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the handshake is over");
    }

    @Test
    void wants_a_method_and_a_handshake_of_68_bytes() {
        assertThatThrownBy(() -> machine(Set.of())).isInstanceOf(IllegalArgumentException.class);
        for (int length : List.of(0, 67, 69)) {
            assertThatThrownBy(() ->
                            new MseInitiator(
                                    TORRENT,
                                    Set.of(RC4),
                                    ByteBuffer.allocate(length),
                                    PadPolicy.NONE,
                                    new Random(1)))
                    .hasMessage("handshake of %d bytes, allowed 68".formatted(length));
        }
    }
}
