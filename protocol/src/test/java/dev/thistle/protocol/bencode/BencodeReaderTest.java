package dev.thistle.protocol.bencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.MalformedException.Rule;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Items;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BencodeReaderTest {

    @Test
    void reads_a_value_inside_100_others_and_refuses_one_inside_101() throws Exception {
        assertThat(BencodeReader.readAll(nested(100), Keys.CANONICAL)).isInstanceOf(Items.class);

        assertThatThrownBy(() -> BencodeReader.readAll(nested(101), Keys.CANONICAL))
                .hasMessage("bencode at byte 101: nested deeper than the 100 allowed (TOO_LARGE)");
    }

    @Test
    void reads_two_million_values_and_refuses_one_more() throws Exception {
        int inside = BencodeReader.MAX_TOKENS - 1; // the list itself is a value too
        ByteBuffer most = ascii("l" + "0:".repeat(inside) + "e");
        ByteBuffer tooMany = ascii("l" + "0:".repeat(inside + 1) + "e");

        assertThat(((Items) BencodeReader.readAll(most, Keys.ANY)).values()).hasSize(inside);
        assertThatThrownBy(() -> BencodeReader.readAll(tooMany, Keys.ANY))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("more than the 2000000 values allowed (TOO_LARGE)");
    }

    @Test
    void a_length_is_compared_with_what_is_left_before_anything_is_allocated() {
        assertThatThrownBy(() -> read("9223372036854775807:x"))
                .hasMessage(
                        "bencode at byte 20: string of 9223372036854775807 bytes, 1 are left"
                                + " (TRUNCATED)")
                .extracting(e -> ((MalformedException) e).rule())
                .isEqualTo(Rule.TRUNCATED);
    }

    @Test
    void says_which_byte_was_found_and_what_is_allowed() {
        assertThatThrownBy(() -> read("x"))
                .hasMessage("bencode at byte 0: byte 0x78, allowed i, l, d or a digit (BAD_VALUE)");
        assertThatThrownBy(() -> read("di1ei2ee"))
                .hasMessage(
                        "bencode at byte 1: byte 0x69, allowed a digit, because a key is a byte"
                                + " string, or e (BAD_VALUE)");
        assertThatThrownBy(() ->
                        BencodeReader.readAll(
                                ByteBuffer.wrap(new byte[] {'i', (byte) 0x80, 'e'}), Keys.ANY))
                .hasMessage(
                        "bencode at byte 2: byte 0x80 in a number, allowed 0-9 and 'e' (BAD_VALUE)");
    }

    @Test
    void a_key_that_would_forge_a_line_is_shown_on_one() {
        assertThatThrownBy(() -> BencodeReader.readAll(ascii("d2:\r\n0:2:\r\n0:e"), Keys.UNIQUE))
                .hasMessage("bencode at byte 11: key '??' twice, allowed once (BAD_VALUE)");
    }

    @Test
    void a_dictionary_knows_where_it_stood() throws Exception {
        ByteBuffer in = ascii("xxd4:infod1:ai1eee").position(2);

        Dict info = ((Dict) BencodeReader.readAll(in, Keys.CANONICAL)).dict("info").orElseThrow();

        assertThat(info.start()).isEqualTo(7);
        assertThat(info.end()).isEqualTo(15);
    }

    @Test
    void typed_accessors_name_the_key_and_both_kinds() throws Exception {
        Dict dict = (Dict) read("d1:ai1e1:bl1:xe1:cd1:ai1ee1:d1:xe");

        assertThat(dict.integer("a")).contains(1L);
        assertThat(dict.list("b").orElseThrow()).containsExactly(Text.of("x"));
        assertThat(dict.dict("c").orElseThrow().has("a")).isTrue();
        assertThat(dict.bytes("d").orElseThrow().text()).contains("x");
        assertThat(dict.integer("missing")).isEmpty();
        assertThatThrownBy(() -> dict.bytes("a"))
                .hasMessage("a at byte 0: an integer, allowed a byte string (BAD_VALUE)");
        assertThatThrownBy(() -> dict.integer("b"))
                .hasMessage("b at byte 0: a list, allowed an integer (BAD_VALUE)");
        assertThatThrownBy(() -> dict.list("c"))
                .hasMessage("c at byte 0: a dictionary, allowed a list (BAD_VALUE)");
        assertThatThrownBy(() -> dict.dict("d"))
                .hasMessage("d at byte 0: a byte string, allowed a dictionary (BAD_VALUE)");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatever_is_written_is_read_back(long seed) throws Exception {
        BencodeValue value = value(new Random(seed), 4);

        ByteBuffer written = ByteBuffer.wrap(BencodeWriter.write(value));

        assertThat(BencodeReader.readAll(written, Keys.CANONICAL)).isEqualTo(value);
    }

    /// Nothing but [MalformedException] may come out; an accepted canonical input is exactly what
    /// the writer would have written.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_damaged_value_is_read_or_refused_and_nothing_else(long seed) {
        var random = new Random(seed);
        byte[] bytes = BencodeWriter.write(value(random, 4));
        for (int round = 0; round < 20; round++) {
            byte[] damaged = damage(bytes, random);
            for (Keys keys : Keys.values()) {
                try {
                    BencodeValue value = BencodeReader.readAll(ByteBuffer.wrap(damaged), keys);
                    if (keys == Keys.CANONICAL) {
                        assertThat(BencodeWriter.write(value)).isEqualTo(damaged);
                    }
                } catch (MalformedException refused) {
                    assertThat(refused.getMessage()).matches("\\P{Cntrl}+");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void direct_and_read_only_buffers_serve_as_well(Keys keys) throws Exception {
        ByteBuffer direct = ByteBuffer.allocateDirect(64).put(ascii("d1:al1:be1:ci-7ee")).flip();

        assertThat(BencodeReader.readAll(direct.asReadOnlyBuffer(), keys))
                .isEqualTo(BencodeReader.readAll(ascii("d1:al1:be1:ci-7ee"), keys));
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    private static BencodeValue value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 2 : 4)) {
            case 0 -> new Int(random.nextLong() >> random.nextInt(64));
            case 1 -> new Text(text(random));
            case 2 -> {
                List<BencodeValue> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(value(random, depth - 1));
                }
                yield new Items(items);
            }
            default -> {
                var dict = Dict.builder();
                for (int i = random.nextInt(5); i > 0; i--) {
                    dict.put(text(random), value(random, depth - 1));
                }
                yield dict.build();
            }
        };
    }

    private static ByteString text(Random random) {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        return ByteString.of(bytes);
    }

    private static byte[] damage(byte[] bytes, Random random) {
        byte[] damaged = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length + 2));
        for (int i = random.nextInt(4); i > 0; i--) {
            damaged[random.nextInt(damaged.length)] =
                    random.nextBoolean()
                            ? (byte) "ilde:-0123456789".charAt(random.nextInt(16))
                            : (byte) random.nextInt();
        }
        return damaged;
    }

    private static ByteBuffer nested(int lists) {
        return ascii("l".repeat(lists) + "i1e" + "e".repeat(lists));
    }

    private static BencodeValue read(String text) throws MalformedException {
        return BencodeReader.readAll(ascii(text), Keys.CANONICAL);
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
