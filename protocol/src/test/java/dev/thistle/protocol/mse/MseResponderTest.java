package dev.thistle.protocol.mse;

import static dev.thistle.protocol.mse.CryptoMethod.PLAINTEXT;
import static dev.thistle.protocol.mse.CryptoMethod.RC4;
import static dev.thistle.protocol.mse.Forger.OTHER;
import static dev.thistle.protocol.mse.Forger.TORRENT;
import static dev.thistle.protocol.mse.Forger.join;
import static dev.thistle.protocol.mse.Forger.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an initiator may do wrong, and what it may do although it looks odd.
class MseResponderTest {

    private final Fed responder;
    private final Forger caller;

    MseResponderTest() throws MalformedException {
        responder = responder(List.of(RC4, PLAINTEXT));
        caller = Forger.calling(responder);
    }

    private static Fed responder(List<CryptoMethod> preference) throws MalformedException {
        return Fed.of(
                new MseResponder(
                        SkeyIndex.EMPTY.with(TORRENT), preference, PadPolicy.NONE, new Random(1)));
    }

    private static void assertRefused(ThrowingCallable arrival, String message) {
        assertThatThrownBy(arrival).isInstanceOf(MalformedException.class).hasMessage(message);
    }

    @Test
    void says_nothing_before_96_bytes_are_in() throws Exception {
        Fed fresh = responder(List.of(RC4));
        byte[] key = KeyExchange.draw(new Random(2)).publicKey();

        fresh.arrive(Arrays.copyOf(key, 95));
        assertThat(fresh.asked()).isEqualTo(1);
        assertThat(fresh.takeSent()).isEmpty();

        assertThat(fresh.arrive(key[95]).takeSent()).hasSize(96);
    }

    @Test
    void takes_a_whole_pad_with_the_key_but_not_more() throws Exception {
        byte[] key = KeyExchange.draw(new Random(2)).publicKey();

        responder(List.of(RC4)).arrive(join(key, new byte[512]));
        assertRefused(
                () -> responder(List.of(RC4)).arrive(join(key, new byte[513])),
                "mse.padA: 513 bytes with the key, allowed at most 512 (TOO_LARGE)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 19, 20, 511, 512})
    void finds_req1_at_every_legal_offset(int offset) throws Exception {
        responder.arrive(random(offset, 3)).arrive(caller.secondStep(RC4.bit(), 0));

        assertThat(responder.isDone()).isTrue();
    }

    @Test
    void refuses_req1_behind_513_bytes_of_pad() {
        assertRefused(
                () -> responder.arrive(random(513, 3)).arrive(caller.req1()),
                "mse.req1: not found, allowed only within the first 628 bytes (BAD_VALUE)");
    }

    @Test
    void finds_req1_split_at_every_byte() throws Exception {
        for (int at = 0; at <= 20; at++) {
            Fed fed = responder(List.of(RC4));
            Forger side = Forger.calling(fed);
            byte[] req1 = side.req1();
            fed.arrive(join(random(40, 4), Arrays.copyOf(req1, at)));
            fed.arrive(join(Arrays.copyOfRange(req1, at, 20), side.skey(TORRENT)));
            fed.arrive(join(side.provide(0, RC4.bit(), 0), side.number(0)));
            assertThat(fed.isDone()).as("split at %d", at).isTrue();
        }
    }

    @Test
    void finds_req1_behind_parts_of_itself() throws Exception {
        byte[] most = Arrays.copyOf(caller.req1(), 19);

        responder.arrive(join(most, most, most)).arrive(caller.secondStep(RC4.bit(), 0));

        assertThat(responder.isDone()).isTrue();
    }

    @Test
    void cuts_off_who_sends_for_ever_after_628_bytes() {
        var arrived = new int[] {96};

        assertThatThrownBy(
                        () -> {
                            while (true) {
                                arrived[0]++;
                                responder.arrive((byte) arrived[0]);
                            }
                        })
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("mse.req1: not found");
        assertThat(arrived[0]).isEqualTo(628);
    }

    @Test
    void refuses_an_unknown_torrent_without_naming_it() {
        assertRefused(
                () -> responder.arrive(join(caller.req1(), caller.skey(OTHER))),
                "mse.skey: an unknown torrent, allowed only one that runs (BAD_VALUE)");
    }

    @Test
    void refuses_a_torrent_that_was_stopped() throws Exception {
        SkeyIndex torrents = SkeyIndex.EMPTY.with(TORRENT).with(OTHER).without(TORRENT);
        Fed fed = Fed.of(new MseResponder(torrents, List.of(RC4), PadPolicy.NONE, new Random(1)));
        Forger side = Forger.calling(fed);

        assertThatThrownBy(() -> fed.arrive(side.hashes())).hasMessageStartingWith("mse.skey: ");
    }

    @Test
    void refuses_a_vc_that_is_not_zero() {
        assertRefused(
                () -> responder.arrive(join(caller.hashes(), caller.provide(1, RC4.bit(), 0))),
                "mse.vc: other bytes, allowed only eight zeros (BAD_VALUE)");
    }

    @Test
    void refuses_a_caller_who_took_the_keys_of_another_torrent() throws Exception {
        Fed fed = responder(List.of(RC4));
        Forger confused = Forger.calling(fed, OTHER);

        assertThatThrownBy(() ->
                        fed.arrive(join(confused.hashes(), confused.provide(0, RC4.bit(), 0))))
                .hasMessageStartingWith("mse.vc: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 0x80000000})
    void refuses_provide_without_a_bit_that_is_supported(int bits) {
        assertRefused(
                () -> responder.arrive(join(caller.hashes(), caller.provide(0, bits, 0))),
                "mse.crypto_provide: 0x%08x, allowed with a bit of 0x00000003 (BAD_VALUE)"
                        .formatted(bits));
    }

    @Test
    void refuses_provide_with_only_what_policy_forbids() throws Exception {
        Fed strict = responder(List.of(RC4));
        Forger side = Forger.calling(strict);

        assertRefused(
                () -> strict.arrive(join(side.hashes(), side.provide(0, PLAINTEXT.bit(), 0))),
                "mse.crypto_provide: 0x00000001, allowed with a bit of 0x00000002 (BAD_VALUE)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80000003, 0x8003, 3})
    void ignores_unknown_bits_of_provide_and_answers_with_one_known(int bits) throws Exception {
        responder.arrive(caller.secondStep(bits, 0));

        assertThat(responder.done().cipher().method()).isEqualTo(RC4);
        ByteBuffer answer = ByteBuffer.wrap(caller.deciphered(responder.takeSent()));
        assertThat(answer.getLong()).as("VC").isZero();
        assertThat(answer.getInt()).as("crypto_select").isEqualTo(2);
        assertThat(answer.getShort()).as("lenD").isZero();
        assertThat(answer.hasRemaining()).isFalse();
    }

    @Test
    void selects_what_it_prefers_of_what_both_know() throws Exception {
        Fed fed = responder(List.of(PLAINTEXT, RC4));

        fed.arrive(Forger.calling(fed).secondStep(3, 0));

        assertThat(fed.done().cipher().method()).isEqualTo(PLAINTEXT);
    }

    @Test
    void takes_512_bytes_of_pad_c() throws Exception {
        responder.arrive(join(caller.hashes(), caller.provide(0, RC4.bit(), 512)));
        responder.arrive(caller.enciphered(random(512, 5)));
        assertThat(responder.asked()).as("lenIA").isEqualTo(2);

        assertThat(responder.arrive(caller.number(0)).isDone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {513, 65535})
    void refuses_len_c_over_512(int lenC) {
        assertRefused(
                () -> responder.arrive(join(caller.hashes(), caller.provide(0, RC4.bit(), lenC))),
                "mse.lenC: %d, allowed 0..512 (TOO_LARGE)".formatted(lenC));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 48, 67, 68, 69, 16384})
    void takes_an_ia_of_every_length_up_to_16_kib(int lenIa) throws Exception {
        byte[] ia = random(lenIa, 6);
        byte[] more = random(30, 7);

        responder.arrive(caller.secondStep(PLAINTEXT.bit(), lenIa));
        responder.arriveCut(caller.enciphered(ia), new Random(8));
        responder.arrive(more);

        assertThat(responder.initialPayload()).isEqualTo(ia);
        assertThat(responder.left()).isEqualTo(more);
    }

    @ParameterizedTest
    @ValueSource(ints = {16385, 65535})
    void refuses_len_ia_over_16_kib_and_does_not_answer(int lenIa) {
        assertRefused(
                () -> responder.arrive(caller.secondStep(RC4.bit(), lenIa)),
                "mse.lenIA: %d, allowed 0..16384 (TOO_LARGE)".formatted(lenIa));
        assertThat(responder.takeSent()).isEmpty();
    }

    @Test
    void answers_before_ia_has_arrived() throws Exception {
        responder.arrive(caller.secondStep(RC4.bit(), 68));

        assertThat(responder.takeSent()).hasSize(14);
        assertThat(responder.asked()).isEqualTo(68);
        assertThat(responder.isDone()).isFalse();
    }

    @Test
    void leaves_clear_payload_in_the_segment_of_ia_as_it_is() throws Exception {
        byte[] clear = random(100, 9);

        responder.arrive(
                join(
                        caller.secondStep(PLAINTEXT.bit(), 20),
                        caller.enciphered(new byte[20]),
                        clear));

        assertThat(responder.initialPayload()).isEqualTo(new byte[20]);
        assertThat(responder.left()).isEqualTo(clear);
        assertThat(responder.payload()).isEqualTo(clear);
    }

    @Test
    void leaves_enciphered_payload_in_the_segment_of_ia_to_the_cipher() throws Exception {
        byte[] ia = random(20, 10);
        byte[] payload = random(100, 11);
        byte[] second = caller.secondStep(RC4.bit(), 20);
        byte[] enciphered = caller.enciphered(join(ia, payload));

        responder.arrive(join(second, enciphered));

        assertThat(responder.initialPayload()).isEqualTo(ia);
        assertThat(responder.left()).isEqualTo(Arrays.copyOfRange(enciphered, 20, 120));
        assertThat(responder.payload()).isEqualTo(payload);
    }

    @Test
    void at_every_end_of_the_stream_it_asks_for_more() throws Exception {
        byte[] second = join(caller.secondStep(RC4.bit(), 5), caller.enciphered(new byte[5]));
        for (byte one : second) {
            assertThat(responder.isDone()).isFalse();
            assertThat(responder.asked()).isBetween(1, 20);
            responder.arrive(one);
        }
        assertThat(responder.isDone()).isTrue();
    }

    @Test
    void a_machine_that_is_over_takes_nothing_more() throws Exception {
        var refusing =
                new MseResponder(SkeyIndex.EMPTY, List.of(RC4), PadPolicy.NONE, new Random(1));
        ByteBuffer in = ByteBuffer.wrap(new byte[96]);

        assertThatThrownBy(() -> refusing.receive(in)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> refusing.receive(in))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the handshake is over");
    }

    @Test
    void wants_at_least_one_method() {
        assertThatThrownBy(() ->
                        new MseResponder(SkeyIndex.EMPTY, List.of(), PadPolicy.NONE, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
