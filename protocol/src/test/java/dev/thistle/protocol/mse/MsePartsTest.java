package dev.thistle.protocol.mse;

import static dev.thistle.protocol.mse.Forger.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.mse.PadPolicy.Pad;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The pieces that need no conversation.
class MsePartsTest {

    private static final byte[] HEADER =
            "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

    @Test
    void a_stream_is_plaintext_only_after_its_whole_header() {
        for (int length = 0; length < HEADER.length; length++) {
            ByteBuffer part = ByteBuffer.wrap(HEADER, 0, length);
            assertThat(IncomingStream.detect(part)).isEqualTo(IncomingStream.UNDECIDED);
        }
        ByteBuffer behindOtherBytes = ByteBuffer.allocate(30).put(new byte[5]).put(HEADER);
        behindOtherBytes.flip().position(5);

        assertThat(IncomingStream.detect(behindOtherBytes)).isEqualTo(IncomingStream.PLAINTEXT);
        assertThat(behindOtherBytes.position()).isEqualTo(5);
    }

    @Test
    void one_other_byte_decides_for_mse() {
        for (int at = 0; at < HEADER.length; at++) {
            byte[] changed = HEADER.clone();
            changed[at] ^= 0x20;
            ByteBuffer in = ByteBuffer.wrap(changed, 0, at + 1);
            assertThat(IncomingStream.detect(in)).isEqualTo(IncomingStream.MSE);
        }
    }

    @Test
    void a_mark_search_keeps_only_what_may_be_the_start_of_the_mark() throws Exception {
        byte[] mark = random(20, 1);
        var search = new SyncMark(mark, "mse.req1");
        ByteBuffer in = ByteBuffer.wrap(random(100, 2));

        assertThat(search.pass(in)).isFalse();
        assertThat(in.remaining()).isEqualTo(19);
        assertThat(search.missing(in)).isEqualTo(1);
    }

    @Test
    void a_mark_search_stops_right_behind_the_mark() throws Exception {
        byte[] mark = random(8, 1);
        ByteBuffer in = ByteBuffer.wrap(Forger.join(random(512, 2), mark, random(5, 3)));

        assertThat(new SyncMark(mark, "mse.vc").pass(in)).isTrue();
        assertThat(in.position()).isEqualTo(520);
    }

    /// The vectors with a leading zero have a second byte over 0x7f, before which `BigInteger` puts
    /// a zero of its own; so they need no padding and do not show that there is any.
    @Test
    void a_small_key_and_a_small_secret_are_padded_on_the_left() throws Exception {
        var keys = new KeyExchange(new byte[] {5});
        byte[] two = new byte[96];
        two[95] = 2;
        byte[] twoToTheFifth = new byte[96];
        twoToTheFifth[95] = 32;

        assertThat(keys.publicKey()).isEqualTo(twoToTheFifth);
        assertThat(keys.agree(ByteBuffer.wrap(two), 'b').req1())
                .isEqualTo(new SharedSecret(twoToTheFifth).req1());
    }

    @Test
    void a_secret_is_96_bytes_even_if_it_starts_with_zeros() throws Exception {
        byte[] s = Vectors.bytes(Vectors.handshake("s-leading-zero"), "S");

        assertThat(s).hasSize(96).startsWith(0);
        assertThat(new SharedSecret(s).req1())
                .isEqualTo(Vectors.bytes(Vectors.handshake("s-leading-zero"), "hash_req1_S"));
    }

    @Test
    void an_erased_exponent_and_secret_are_zero() throws Exception {
        byte[] exponent = random(20, 1);
        byte[] s = random(96, 2);

        new KeyExchange(exponent).erase();
        new SharedSecret(s).erase();

        assertThat(exponent).containsOnly(0);
        assertThat(s).containsOnly(0);
    }

    @Test
    void the_initiator_erases_its_exponent_once_the_keys_are_made() throws Exception {
        byte[] exponent = random(20, 1);
        byte[] theirs = new KeyExchange(random(20, 2)).publicKey();
        Fed.of(
                        new MseInitiator(
                                Forger.TORRENT,
                                Set.of(CryptoMethod.RC4),
                                new byte[0],
                                new Pads(PadPolicy.NONE, new Random(1)),
                                new KeyExchange(exponent)))
                .arrive(theirs);

        assertThat(exponent).containsOnly(0);
    }

    @Test
    void the_responder_erases_its_exponent_also_when_it_refuses() throws Exception {
        byte[] exponent = random(20, 1);
        Fed fed =
                Fed.of(
                        new MseResponder(
                                SkeyIndex.EMPTY,
                                List.of(CryptoMethod.RC4),
                                new Pads(PadPolicy.NONE, new Random(1)),
                                new KeyExchange(exponent)));

        assertThatThrownBy(() -> fed.arrive(new byte[96])).isInstanceOf(MalformedException.class);

        assertThat(exponent).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource
    void a_pad_over_512_bytes_is_our_own_mistake(Pad pad) {
        var pads = new Pads((_, _) -> new byte[513], new Random(1));

        assertThatThrownBy(() -> pads.draw(pad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Pad%s of 513 bytes, allowed 0..512".formatted(pad));
    }

    @ParameterizedTest
    @EnumSource
    void random_pads_have_all_lengths_and_the_content_of_their_kind(Pad pad) {
        var random = new Random(1);
        int shortest = 512;
        int longest = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = PadPolicy.RANDOM.bytes(pad, random);
            shortest = Math.min(shortest, bytes.length);
            longest = Math.max(longest, bytes.length);
            if (pad == Pad.C || pad == Pad.D) {
                assertThat(bytes).isEqualTo(new byte[bytes.length]);
            }
        }
        assertThat(shortest).isZero();
        assertThat(longest).isEqualTo(512);
    }

    @Test
    void an_index_never_changes() {
        SkeyIndex one = SkeyIndex.EMPTY.with(Forger.TORRENT);
        byte[] req2 = SharedSecret.req2(Forger.TORRENT);

        assertThat(SkeyIndex.EMPTY.find(req2)).isEmpty();
        assertThat(one.without(Forger.TORRENT).find(req2)).isEmpty();
        assertThat(one.without(Forger.OTHER).find(req2)).contains(Forger.TORRENT);
        assertThat(one.find(req2)).contains(Forger.TORRENT);
    }

    @Test
    void a_cipher_leaves_the_position_of_what_it_ciphers() throws Exception {
        Fed responder =
                Fed.of(
                        new MseResponder(
                                SkeyIndex.EMPTY.with(Forger.TORRENT),
                                List.of(CryptoMethod.RC4),
                                PadPolicy.NONE,
                                new Random(1)));
        responder.arrive(Forger.calling(responder).secondStep(2, 0));
        ByteBuffer region = ByteBuffer.allocateDirect(300).position(7).limit(290);

        responder.done().cipher().encrypt(region);

        assertThat(region.position()).isEqualTo(7);
        assertThat(region.limit()).isEqualTo(290);
        assertThat(region.get(6)).isZero();
        assertThat(region.get(290 - 1) | region.get(7) | region.get(8)).isNotZero();
    }
}
