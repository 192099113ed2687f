package dev.thistle.protocol.bencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every case of `vectors/bencode.json`: BEP 3's own examples and the mistakes real senders make.
class BencodeVectorTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void reads_every_valid_value_and_writes_the_same_bytes(String text, JsonNode vector)
            throws Exception {
        byte[] bytes = bytes(vector);

        BencodeValue value = BencodeReader.readAll(ByteBuffer.wrap(bytes), Keys.CANONICAL);

        assertThat(value).as(text).isEqualTo(expected(vector.get("value")));
        assertThat(BencodeWriter.write(value)).as(text).isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("over64Bit")
    void refuses_numbers_over_64_bit_and_says_so(String text, JsonNode vector) {
        assertThatThrownBy(() -> read(bytes(vector), Keys.ANY))
                .as(text)
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("allowed signed 64 bit (TOO_LARGE)");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void refuses_every_invalid_value(String reason, JsonNode vector) {
        assertThatThrownBy(() -> read(bytes(vector), Keys.CANONICAL))
                .as(reason)
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void unsorted_keys_are_for_old_torrents_and_trackers() throws Exception {
        byte[] unsorted = bytes(lenient("unsorted keys"));

        assertThat(((Dict) read(unsorted, Keys.ANY)).entries()).hasSize(2);
        assertThat(((Dict) read(unsorted, Keys.UNIQUE)).entries()).hasSize(2);
        assertThatThrownBy(() -> read(unsorted, Keys.CANONICAL))
                .hasMessage(
                        "bencode at byte 15: key 'cow' after 'spam', allowed only in byte order"
                                + " (BAD_VALUE)");
    }

    @Test
    void of_duplicate_keys_the_first_counts_where_they_are_allowed() throws Exception {
        byte[] twice = bytes(lenient("duplicate key"));

        assertThat(((Dict) read(twice, Keys.ANY)).bytes("cow")).contains(ByteString.utf8("a"));
        assertThatThrownBy(() -> read(twice, Keys.UNIQUE))
                .hasMessage("bencode at byte 14: key 'cow' twice, allowed once (BAD_VALUE)");
        assertThatThrownBy(() -> read(twice, Keys.CANONICAL))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void what_follows_the_first_value_is_left_to_the_caller() throws Exception {
        ByteBuffer in = ByteBuffer.wrap(bytes(lenient("trailing white space")));

        var answer = (Dict) BencodeReader.readFirst(in, Keys.ANY);

        assertThat(answer.integer("interval")).contains(60L);
        assertThat(StandardCharsets.US_ASCII.decode(in).toString()).isEqualTo("\r\n");
    }

    static Stream<Object[]> valid() throws IOException {
        return cases("valid", "text");
    }

    static Stream<Object[]> over64Bit() throws IOException {
        return cases("valid_but_over_64_bit_signed", "text");
    }

    static Stream<Object[]> invalid() throws IOException {
        return cases("invalid", "reason");
    }

    private static Stream<Object[]> cases(String list, String label) throws IOException {
        return vectors()
                .get(list)
                .valueStream()
                .map(v -> new Object[] {v.get(label).asString(), v});
    }

    private static JsonNode lenient(String why) throws IOException {
        return vectors()
                .get("accept_leniently")
                .valueStream()
                .filter(v -> v.get("why").asString().startsWith(why))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode vectors() throws IOException {
        try (var in = BencodeVectorTest.class.getResourceAsStream("/vectors/bencode.json")) {
            return JsonMapper.shared().readTree(in);
        }
    }

    private static byte[] bytes(JsonNode vector) {
        if (vector.get("hex").isNull()) {
            assertThat(vector.get("repeat").asString()).isEqualTo("l x2000 e x2000");
            return ("l".repeat(2000) + "e".repeat(2000)).getBytes(StandardCharsets.US_ASCII);
        }
        return HexFormat.of().parseHex(vector.get("hex").asString());
    }

    private static BencodeValue expected(JsonNode value) {
        if (value.has("int")) {
            return new Int(Long.parseLong(value.get("int").asString()));
        }
        if (value.has("str")) {
            return Text.of(HexFormat.of().parseHex(value.get("str").asString()));
        }
        if (value.has("list")) {
            List<BencodeValue> items = new ArrayList<>();
            value.get("list").forEach(item -> items.add(expected(item)));
            return new Items(items);
        }
        var dict = Dict.builder();
        value.get("dict")
                .forEach(entry ->
                        dict.put(
                                ByteString.of(HexFormat.of().parseHex(entry.get(0).asString())),
                                expected(entry.get(1))));
        return dict.build();
    }

    private static BencodeValue read(byte[] bytes, Keys keys) throws MalformedException {
        return BencodeReader.readAll(ByteBuffer.wrap(bytes), keys);
    }
}
