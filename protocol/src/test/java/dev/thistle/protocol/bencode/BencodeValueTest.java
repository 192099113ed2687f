package dev.thistle.protocol.bencode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeValue.Int;
import dev.thistle.protocol.bencode.BencodeValue.Text;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BencodeValueTest {

    @Test
    void the_writer_sorts_keys_as_unsigned_bytes() {
        Map<ByteString, BencodeValue> entries = new LinkedHashMap<>();
        entries.put(ByteString.of(new byte[] {(byte) 0x80}), new Int(3));
        entries.put(ByteString.utf8("b"), new Int(2));
        entries.put(ByteString.utf8("B"), new Int(1));

        byte[] written = BencodeWriter.write(Dict.of(entries));

        assertThat(new String(written, StandardCharsets.ISO_8859_1))
                .isEqualTo("d1:Bi1e1:bi2e1:\u0080i3ee");
    }

    @Test
    void dictionaries_are_equal_whatever_the_order_of_their_keys() {
        Map<ByteString, BencodeValue> backwards = new LinkedHashMap<>();
        backwards.put(ByteString.utf8("b"), Text.of("2"));
        backwards.put(ByteString.utf8("a"), Text.of("1"));

        Dict built = Dict.builder().put("a", "1").put("b", "2").build();

        assertThat(Dict.of(backwards)).isEqualTo(built).hasSameHashCodeAs(built);
    }

    @Test
    void a_byte_string_is_text_only_if_it_is_valid_utf_8() {
        var broken = ByteString.of(new byte[] {'a', (byte) 0xFF});

        assertThat(ByteString.utf8("größe").text()).contains("größe");
        assertThat(broken.text()).isEmpty();
        assertThat(broken).hasToString("a\uFFFD");
    }

    @Test
    void a_byte_string_cannot_be_changed_from_outside() {
        byte[] bytes = {1, 2};
        var text = ByteString.of(bytes);
        bytes[0] = 9;
        text.bytes()[1] = 9;

        assertThat(text.bytes()).containsExactly(1, 2);
        assertThat(text.asBuffer().isReadOnly()).isTrue();
    }
}
