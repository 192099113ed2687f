package dev.thistle.protocol.mse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Real conversations between libtorrent, aria2 and Transmission: each machine takes the place of
/// one side, with the secret that was recorded, and reads what the other side said.
class MseCaptureTest {

    static Stream<Arguments> captures() {
        return Vectors.named(Vectors.CAPTURED);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("captures")
    void the_responder_reads_what_a_real_initiator_sent(String name, JsonNode capture)
            throws Exception {
        Fed fed = Fed.of(responder(capture));
        byte[] stream = Vectors.bytes(capture, "stream_a_to_b");
        int first = 96 + decoded(capture, "padA_len");

        fed.arrive(Arrays.copyOf(stream, first));
        fed.arriveCut(Arrays.copyOfRange(stream, first, stream.length), new Random(1));

        assertThat(fed.done().infoHash()).isEqualTo(Vectors.infoHash(capture, "info_hash"));
        assertThat(fed.initialPayload()).isEqualTo(Vectors.bytes(capture.get("decoded"), "ia"));
        assertThat(fed.left()).hasSize(stream.length - capture.get("payload_a_offset").asInt());
        byte[] payload = Vectors.bytes(capture, "payload_a_plain_prefix");
        assertThat(fed.payload()).startsWith(payload);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("captures")
    void the_initiator_reads_what_a_real_responder_sent(String name, JsonNode capture)
            throws Exception {
        MseInitiator machine = initiator(capture);
        Fed fed = Fed.of(machine);
        byte[] stream = Vectors.bytes(capture, "stream_b_to_a");
        int first = 96 + decoded(capture, "padB_len");

        fed.arrive(Arrays.copyOf(stream, first));
        assertThat(machine.provedMse()).isFalse();
        fed.arriveCut(Arrays.copyOfRange(stream, first, stream.length), new Random(2));

        assertThat(machine.provedMse()).isTrue();
        assertThat(fed.done().cipher().method().bit()).isEqualTo(decoded(capture, "crypto_select"));
        assertThat(fed.left()).hasSize(stream.length - capture.get("payload_b_offset").asInt());
        byte[] payload = Vectors.bytes(capture, "payload_b_plain_prefix");
        assertThat(fed.payload()).startsWith(payload);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("captures")
    void a_replayed_initiator_fails_at_req1_since_s_differs(String name, JsonNode capture)
            throws Exception {
        var torrents = SkeyIndex.EMPTY.with(Vectors.infoHash(capture, "info_hash"));
        Fed fed =
                Fed.of(
                        new MseResponder(
                                torrents,
                                List.of(CryptoMethod.RC4),
                                PadPolicy.NONE,
                                new Random(3)));
        byte[] stream = Vectors.bytes(capture, "stream_a_to_b");
        int first = 96 + decoded(capture, "padA_len");
        fed.arrive(Arrays.copyOf(stream, first));

        assertThatThrownBy(() -> fed.arrive(Arrays.copyOfRange(stream, first, stream.length)))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("mse.req1: not found, allowed only within the first 628");
    }

    private static int decoded(JsonNode capture, String field) {
        return capture.get("decoded").get(field).asInt();
    }

    private static MseInitiator initiator(JsonNode capture) {
        InfoHash torrent = Vectors.infoHash(capture, "info_hash");
        return new MseInitiator(
                torrent,
                EnumSet.allOf(CryptoMethod.class),
                new byte[0],
                new Pads(PadPolicy.NONE, new Random(4)),
                recorded(capture, "initiator"));
    }

    private static MseResponder responder(JsonNode capture) {
        return new MseResponder(
                SkeyIndex.EMPTY.with(Vectors.infoHash(capture, "info_hash")),
                List.of(Vectors.method(decoded(capture, "crypto_select"))),
                new Pads(PadPolicy.NONE, new Random(5)),
                recorded(capture, "responder"));
    }

    /// Comes to the recorded S. Where an exponent of the side that is played was recorded, S is
    /// computed from it.
    private static KeyExchange recorded(JsonNode capture, String side) {
        JsonNode secret = capture.get("known_secret");
        byte[] bytes = Vectors.bytes(secret, "hex");
        if (secret.get("kind").asString().endsWith(side)) {
            return new KeyExchange(bytes);
        }
        byte[] s = Vectors.bytes(capture.get("decoded"), "S");
        return new KeyExchange(new byte[] {3}) {
            @Override
            byte[] power(BigInteger y) {
                return s.clone();
            }
        };
    }
}
