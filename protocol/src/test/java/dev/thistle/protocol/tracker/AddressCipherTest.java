package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.tracker.Vectors.HELLO;
import static dev.thistle.protocol.tracker.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class AddressCipherTest {

    static Stream<JsonNode> announces() {
        return Vectors.stream(Vectors.read("bep8.json").get("announce"));
    }

    static Stream<JsonNode> ivs() {
        return Vectors.stream(Vectors.read("bep8.json").get("iv_keys"));
    }

    @ParameterizedTest
    @MethodSource("announces")
    void the_stream_of_announces_equals_every_vector(JsonNode vector) {
        var cipher = AddressCipher.withoutIv(InfoHash.ofHex(vector.get("info_hash").asString()));
        ByteBuffer reserved =
                ByteBuffer.wrap(hex(vector.get("raw_keystream_768_775_reserved").asString()));

        assertThat(cipher.indexMask()).isEqualTo(reserved.getInt());
        assertThat(cipher.lengthMask()).isEqualTo(reserved.getInt());
        assertThat(streamOf(cipher, 64)).isEqualTo(vector.get("keystream_from_776").asString());
    }

    @ParameterizedTest
    @MethodSource("announces")
    void ports_are_hidden_as_in_every_vector_by_both_readings(JsonNode vector) {
        var cipher = AddressCipher.withoutIv(InfoHash.ofHex(vector.get("info_hash").asString()));
        for (JsonNode port : vector.get("ports")) {
            int plain = port.get("port").asInt();
            assertThat(cipher.port(plain)).isEqualTo(port.get("obscured").asInt());
            assertThat(cipher.portFromMasks(plain))
                    .isEqualTo(port.get("alt_from_reserved_bytes").asInt());
        }
    }

    @ParameterizedTest
    @MethodSource("announces")
    void the_hidden_name_equals_every_vector(JsonNode vector) {
        var name = ShaIh.of(InfoHash.ofHex(vector.get("info_hash").asString()));

        assertThat(name.bytes()).isEqualTo(hex(vector.get("sha_ih").asString()));
        assertThat(Percent.encode(name.bytes()))
                .isEqualTo(vector.get("sha_ih_urlencoded").asString());
    }

    @ParameterizedTest
    @MethodSource("ivs")
    void the_stream_of_answers_with_an_iv_equals_every_vector(JsonNode vector) {
        var iv = ByteString.of(hex(vector.get("iv").asString()));
        var cipher = AddressCipher.withIv(HELLO, iv);

        assertThat("%08x".formatted(cipher.indexMask())).isEqualTo(vector.get("x").asString());
        assertThat("%08x".formatted(cipher.lengthMask())).isEqualTo(vector.get("y").asString());
        assertThat(streamOf(cipher, 48)).isEqualTo(vector.get("keystream_from_776").asString());
    }

    @Test
    void the_errata_of_the_printed_specification_are_known() {
        JsonNode errata = Vectors.read("bep8.json").get("spec_errata");

        assertThat(HELLO).hasToString(errata.get("real_infohash").asString());
        assertThat(ShaIh.of(HELLO).bytes()).isEqualTo(hex(errata.get("real_sha_ih").asString()));
        assertThat(AddressCipher.sha1(HELLO.bytes(), hex("abcd")))
                .isEqualTo(hex(errata.get("right_key_iv_bytes_ab_cd").asString()));
    }

    @Test
    void any_place_of_the_stream_can_be_used_in_any_order() {
        var forward = AddressCipher.withoutIv(HELLO);
        var backward = AddressCipher.withoutIv(HELLO);
        byte[] late = new byte[100];
        backward.apply(late, 0, 100, 5_000);

        assertThat(streamOf(backward, 5_100)).isEqualTo(streamOf(forward, 5_100));
        assertThat(streamOf(forward, 5_100)).endsWith(HexFormat.of().formatHex(late));
    }

    @Test
    void the_wrap_repeats_the_first_bytes_as_in_the_example_of_the_specification() {
        JsonNode example = Vectors.read("bep8.json").get("spec_xor_example");
        byte[] random = hex(example.get("pseudo_n2").asString());
        byte[] plain = hex(example.get("peers_plain").asString());
        byte[] hidden = hex(example.get("obscured").asString());

        for (int k = 0; k < plain.length; k++) {
            assertThat(plain[k] ^ random[k % random.length]).isEqualTo(hidden[k]);
        }
        byte[] zeros = new byte[30];
        AddressCipher.withoutIv(HELLO).applyWrapped(zeros, 6, 12);
        byte[] first = new byte[12];
        AddressCipher.withoutIv(HELLO).apply(first, 0, 12, 0);
        for (int k = 0; k < zeros.length; k++) {
            assertThat(zeros[k]).isEqualTo(first[(6 + k) % 12]);
        }
    }

    private static String streamOf(AddressCipher cipher, int length) {
        byte[] zeros = new byte[length];
        cipher.apply(zeros, 0, length, 0);
        return HexFormat.of().formatHex(zeros);
    }
}
