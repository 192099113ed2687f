package dev.thistle.isp.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.packet.Conversation;
import dev.thistle.isp.packet.Packets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeSignatureTest {

    private final Conversation talk = new Conversation("10.64.0.1", 40_000, "10.128.0.9", 51_413);
    private final Watched watched = new Watched(new HandshakeSignature());

    static Stream<byte[]> handshakes() {
        return Vectors.read("peer-wire-captures.json")
                .get("sessions")
                .valueStream()
                .flatMap(session -> session.get("messages").valueStream())
                .filter(message -> message.get(1).asString().equals("handshake"))
                .map(message -> Vectors.hex(message.get(2)));
    }

    private static byte[] handshake() {
        return handshakes().findFirst().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void a_real_handshake_names_its_torrent(byte[] handshake) {
        watched.see(talk.open()).see(talk.say(handshake));

        String infoHash = HexFormat.of().formatHex(handshake, 28, 48);
        assertThat(watched.verdicts)
                .singleElement()
                .satisfies(verdict -> {
                    assertThat(verdict.evidence()).contains("client begins", infoHash);
                    assertThat(verdict.packetsSeen()).isEqualTo(4);
                    assertThat(verdict.payloadBytesSeen()).isEqualTo(68);
                    assertThat(verdict.subject()).isInstanceOf(Subject.OfFlow.class);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 19, 20, 47, 48})
    void it_may_come_in_pieces_and_from_either_side_and_is_told_once(int segmentBytes) {
        watched.see(talk.open()).see(talk.answer(handshake(), segmentBytes));
        assertThat(watched.verdicts).hasSize(1);
        assertThat(watched.verdicts.getFirst().evidence()).contains("server begins with 19");

        watched.see(talk.say(handshake(), segmentBytes));
        assertThat(watched.verdicts).hasSize(1);
    }

    @Test
    void pieces_out_of_order_are_put_together() {
        watched.see(talk.open()).see(talk.say(handshake(), 30).reversed());
        assertThat(watched.verdicts).hasSize(1);
    }

    @Test
    void the_letters_alone_or_behind_another_byte_will_do() {
        byte[] other = handshake();
        other[0] = 18;
        watched.see(talk.open()).see(talk.say(other));
        byte[] none = Arrays.copyOfRange(handshake(), 1, 68);
        watched.see(talk.answer(none)); // the same flow: told already
        assertThat(watched.verdicts).hasSize(1);

        var second = new Conversation("10.64.0.1", 40_001, "10.128.0.9", 51_413);
        watched.see(second.open()).see(second.say(none));
        assertThat(watched.verdicts).hasSize(2);
        assertThat(watched.verdicts.getLast().evidence()).contains("(without the 19)");
    }

    @Test
    void near_misses_are_left_alone() {
        byte[] wrongLetter = handshake();
        wrongLetter[19] = 'L';
        byte[] late = Watched.latin("<p>BitTorrent protocol ".repeat(5));
        byte[] cut = Arrays.copyOf(handshake(), 47);
        int port = 41_000;
        for (byte[] miss : List.of(wrongLetter, late, cut)) {
            var one = new Conversation("10.64.0.1", port++, "10.128.0.9", 51_413);
            watched.see(one.open()).see(one.say(miss));
        }
        watched.see(
                List.of(
                        Packets.udp(
                                9,
                                Packets.endpoint("10.64.0.1", 6881),
                                Packets.endpoint("10.128.0.9", 6881),
                                handshake())));

        assertThat(watched.verdicts).isEmpty();
    }

    @Test
    void encrypted_handshakes_do_not_show_it() {
        int port = 42_000;
        for (var capture : Vectors.mse().toList()) {
            var one = new Conversation("10.64.0.1", port++, "10.128.0.9", 51_413);
            watched.see(one.open());
            watched.see(one.say(Vectors.hex(capture.get("stream_a_to_b"))));
            watched.see(one.answer(Vectors.hex(capture.get("stream_b_to_a"))));
        }
        assertThat(watched.verdicts).isEmpty();
    }
}
