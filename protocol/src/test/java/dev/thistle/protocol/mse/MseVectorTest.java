package dev.thistle.protocol.mse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every conversation of `vectors/mse.json`, through both machines, byte for byte.
class MseVectorTest {

    private static final int CUTS = 50;

    static Stream<Arguments> handshakes() {
        return Vectors.named(Vectors.MADE.get("handshakes"));
    }

    /// Delivers the bytes of one step.
    private interface Delivery {
        void arrive(Fed fed, byte[] bytes) throws MalformedException;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void the_initiator_sends_and_reads_every_byte(String name, JsonNode vector) throws Exception {
        playInitiator(vector, Fed::arrive);
        playInitiator(vector, Fed::arriveSlowly);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void the_responder_sends_and_reads_every_byte(String name, JsonNode vector) throws Exception {
        playResponder(vector, Fed::arrive);
        playResponder(vector, Fed::arriveSlowly);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void however_the_stream_is_cut_the_outcome_is_the_same(String name, JsonNode vector)
            throws Exception {
        for (int seed = 0; seed < CUTS; seed++) {
            var random = new Random(seed);
            playInitiator(vector, (fed, bytes) -> fed.arriveCut(bytes, random));
            playResponder(vector, (fed, bytes) -> fed.arriveCut(bytes, random));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("handshakes")
    void the_outcome_is_the_same_when_cut_in_two_at_any_byte(String name, JsonNode vector)
            throws Exception {
        byte[] stepA = Vectors.bytes(vector, "step3");
        byte[] stepB = Vectors.bytes(vector, "step4");
        for (int at = 0; at <= Math.max(stepA.length, stepB.length); at++) {
            int cut = at;
            Delivery inTwo =
                    (fed, bytes) -> {
                        int middle = Math.min(cut, bytes.length);
                        fed.arrive(Arrays.copyOf(bytes, middle));
                        fed.arrive(Arrays.copyOfRange(bytes, middle, bytes.length));
                    };
            playInitiator(vector, inTwo);
            playResponder(vector, inTwo);
        }
    }

    /// A pad that the vector splits goes out in one piece here; the stream is the same.
    private static void playInitiator(JsonNode vector, Delivery delivery) throws Exception {
        Fed fed = Fed.of(initiator(vector));
        delivery.arrive(fed, Vectors.bytes(vector, "step2"));
        delivery.arrive(fed, Vectors.bytes(vector, "step4"));
        assertThat(fed.isDone()).isTrue();
        fed.arrive(Vectors.bytes(vector, "payload_b_wire"));

        byte[] rest = Vectors.bytes(vector, "payload_a_after_ia_plain");
        fed.done().cipher().encrypt(ByteBuffer.wrap(rest));
        assertThat(Forger.join(fed.takeSent(), rest))
                .isEqualTo(Vectors.bytes(vector, "stream_a_to_b"));
        checkDone(fed, vector);
        assertThat(fed.initialPayload()).isEmpty();
        assertThat(fed.left()).isEqualTo(Vectors.bytes(vector, "payload_b_wire"));
        assertThat(fed.payload()).isEqualTo(Vectors.bytes(vector, "payload_b_plain"));
    }

    private static void playResponder(JsonNode vector, Delivery delivery) throws Exception {
        Fed fed = Fed.of(responder(vector));
        delivery.arrive(fed, Vectors.bytes(vector, "step1"));
        delivery.arrive(fed, Vectors.bytes(vector, "step3"));
        assertThat(fed.isDone()).isTrue();
        fed.arrive(Vectors.bytes(vector, "step5_wire"));

        byte[] payload = Vectors.bytes(vector, "payload_b_plain");
        fed.done().cipher().encrypt(ByteBuffer.wrap(payload));
        assertThat(Forger.join(fed.takeSent(), payload))
                .isEqualTo(Vectors.bytes(vector, "stream_b_to_a"));
        checkDone(fed, vector);
        assertThat(fed.initialPayload()).isEqualTo(Vectors.bytes(vector, "ia"));
        assertThat(fed.left()).isEqualTo(Vectors.bytes(vector, "step5_wire"));
        assertThat(fed.payload()).isEqualTo(Vectors.bytes(vector, "payload_a_after_ia_plain"));
    }

    private static void checkDone(Fed fed, JsonNode vector) {
        assertThat(fed.done().infoHash()).isEqualTo(Vectors.infoHash(vector, "skey"));
        assertThat(fed.done().cipher().method().bit())
                .isEqualTo(vector.get("crypto_select").asInt());
    }

    static MseInitiator initiator(JsonNode vector) {
        int bits = vector.get("crypto_provide").asInt();
        Set<CryptoMethod> provide =
                Stream.of(CryptoMethod.values())
                        .filter(method -> method.isIn(bits))
                        .collect(Collectors.toSet());
        return new MseInitiator(
                Vectors.infoHash(vector, "skey"),
                provide,
                Vectors.bytes(vector, "ia"),
                pads(vector),
                new KeyExchange(Vectors.bytes(vector, "private_a")));
    }

    static MseResponder responder(JsonNode vector) {
        SkeyIndex torrents =
                SkeyIndex.EMPTY.with(Forger.OTHER).with(Vectors.infoHash(vector, "skey"));
        return new MseResponder(
                torrents,
                List.of(Vectors.method(vector.get("crypto_select").asInt())),
                pads(vector),
                new KeyExchange(Vectors.bytes(vector, "private_b")));
    }

    private static Pads pads(JsonNode vector) {
        return new Pads((pad, _) -> Vectors.bytes(vector, "pad" + pad), new Random(0));
    }

    @Test
    void a_torrent_is_found_by_what_is_on_the_wire() {
        JsonNode lookup = Vectors.MADE.get("skey_lookup");
        var secret = new SharedSecret(Vectors.bytes(lookup, "S"));
        SkeyIndex index = SkeyIndex.EMPTY;
        for (JsonNode torrent : lookup.get("torrents")) {
            index = index.with(Vectors.infoHash(torrent, "info_hash"));
        }

        for (JsonNode torrent : lookup.get("torrents")) {
            InfoHash infoHash = Vectors.infoHash(torrent, "info_hash");
            byte[] onWire = Vectors.bytes(torrent, "on_wire");
            assertThat(SharedSecret.req2(infoHash)).isEqualTo(Vectors.bytes(torrent, "req2"));
            assertThat(index.find(secret.masked(onWire))).contains(infoHash);
            assertThat(index.without(infoHash).find(secret.masked(onWire))).isEmpty();
        }
    }

    static Stream<Arguments> badKeys() {
        return Vectors.MADE
                .get("reject_public_keys")
                .valueStream()
                .map(key -> Arguments.of(key.get("reason").asString(), Vectors.bytes(key, "y")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badKeys")
    void both_sides_refuse_bad_public_keys(String reason, byte[] y) throws Exception {
        Fed initiator = Fed.of(initiator(Vectors.handshake("rc4-pads-ia68")));
        Fed responder = Fed.of(responder(Vectors.handshake("rc4-pads-ia68")));
        initiator.takeSent();

        assertThatThrownBy(() -> initiator.arrive(y))
                .isInstanceOf(MalformedException.class)
                .hasMessageMatching(
                        "mse\\.yb: a public key of \\d+ bits, allowed only 2\\.\\.P-2"
                                + " \\(BAD_VALUE\\)");
        assertThatThrownBy(() -> responder.arrive(y))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("mse.ya: a public key of ");
        assertThat(initiator.takeSent()).isEmpty();
        assertThat(responder.takeSent()).isEmpty();
    }

    @Test
    void the_smallest_and_the_largest_good_key_are_taken() throws Exception {
        byte[] smallest = new byte[96];
        smallest[95] = 2;
        byte[] largest = Vectors.bytes(Vectors.MADE, "p");
        largest[95] = (byte) (largest[95] - 2);

        for (byte[] y : List.of(smallest, largest)) {
            Fed responder = Fed.of(responder(Vectors.handshake("zero-pads-no-ia")));
            assertThat(responder.arrive(y).takeSent()).hasSize(96);
        }
    }

    @Test
    void the_shared_secret_has_the_values_of_the_vectors() throws Exception {
        for (JsonNode vector : Vectors.MADE.get("handshakes")) {
            var keys = new KeyExchange(Vectors.bytes(vector, "private_a"));
            assertThat(keys.publicKey()).isEqualTo(Vectors.bytes(vector, "Ya"));
            SharedSecret secret = keys.agree(ByteBuffer.wrap(Vectors.bytes(vector, "Yb")), 'b');
            assertThat(secret.req1()).isEqualTo(Vectors.bytes(vector, "hash_req1_S"));
            assertThat(secret.masked(SharedSecret.req2(Vectors.infoHash(vector, "skey"))))
                    .isEqualTo(Vectors.bytes(vector, "req2_xor_req3"));
        }
    }
}
