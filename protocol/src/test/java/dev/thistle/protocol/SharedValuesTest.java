package dev.thistle.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException.Rule;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The values that every protocol shares: info-hash, peer id, peer address, malformed.
class SharedValuesTest {

    private static final String HEX = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";

    @Test
    void an_info_hash_reads_and_writes_its_twenty_bytes() {
        var hash = InfoHash.ofHex(HEX.toUpperCase(Locale.ROOT));
        ByteBuffer out = ByteBuffer.allocate(21);

        hash.writeTo(out);
        out.flip();

        assertThat(hash).hasToString(HEX).isEqualTo(InfoHash.read(out));
        assertThat(out.hasRemaining()).isFalse();
        assertThat(hash.bytes()).isEqualTo(HexFormat.of().parseHex(HEX));
    }

    @Test
    void an_info_hash_of_another_length_is_our_bug() {
        assertThatThrownBy(() -> InfoHash.of(new byte[32]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("info-hash of 32 bytes, allowed 20");
        assertThatThrownBy(() -> InfoHash.ofHex(HEX.substring(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InfoHash.read(ByteBuffer.allocate(19)))
                .isInstanceOf(BufferUnderflowException.class);
    }

    @Test
    void hashes_and_ids_are_values_in_unsigned_order() {
        byte[] low = new byte[20];
        byte[] high = new byte[20];
        high[0] = (byte) 0x80;

        assertThat(InfoHash.of(low)).isLessThan(InfoHash.of(high));
        assertThat(PeerId.of(low)).isLessThan(PeerId.of(high));
        assertThat(InfoHash.of(low)).hasSameHashCodeAs(InfoHash.of(new byte[20]));
        assertThat(PeerId.of(low)).isEqualTo(PeerId.of(new byte[20])).isNotEqualTo(PeerId.of(high));
    }

    @Test
    void a_hash_cannot_be_changed_from_outside() {
        byte[] bytes = new byte[20];
        var hash = InfoHash.of(bytes);
        var id = PeerId.of(bytes);
        bytes[0] = 1;
        hash.bytes()[1] = 1;
        id.bytes()[1] = 1;

        assertThat(hash.bytes()).isEqualTo(new byte[20]);
        assertThat(id.bytes()).isEqualTo(new byte[20]);
    }

    @Test
    void a_random_peer_id_keeps_its_prefix_and_repeats_with_its_seed() {
        var id = PeerId.random("-XX0100-", new Random(1));

        assertThat(new String(id.bytes(), StandardCharsets.US_ASCII))
                .matches("-XX0100-[0-9A-Za-z]{12}");
        assertThat(id).isEqualTo(PeerId.random("-XX0100-", new Random(1)));
        assertThat(id).isNotEqualTo(PeerId.random("-XX0100-", new Random(2)));
        assertThatThrownBy(() -> PeerId.random("x".repeat(21), new Random(1)))
                .hasMessage("peer id prefix of 21 bytes, allowed 0..20");
    }

    @ParameterizedTest
    @CsvSource({
        "cb0071071ae1,                         203.0.113.7:6881",
        "20010db80000000000000000000000011ae1, [2001:0db8:0000:0000:0000:0000:0000:0001]:6881",
    })
    void an_address_reads_and_writes_its_compact_form(String hex, String text) {
        byte[] compact = HexFormat.of().parseHex(hex);

        var address = PeerAddress.read(ByteBuffer.wrap(compact), compact.length);
        ByteBuffer out = ByteBuffer.allocate(address.compactBytes());
        address.writeTo(out);

        assertThat(address).hasToString(text);
        assertThat(out.array()).isEqualTo(compact);
        assertThat(address).isEqualTo(PeerAddress.of(address.ip(), address.port()));
        assertThat(address.isV4()).isEqualTo(compact.length == PeerAddress.V4_BYTES);
    }

    @ParameterizedTest
    @CsvSource({
        "7f0000011ae1, true",
        "0a0000010001, true",
        "cb0071070000, false",
        "000000011ae1, false",
        "e00000011ae1, false",
        "ffffffff1ae1, false",
        "000000000000000000000000000000001ae1, false",
        "000000000000000000000000000000011ae1, true",
        "ff0200000000000000000000000000011ae1, false",
    })
    void addresses_nobody_can_listen_on_are_not_dialable(String hex, boolean dialable) {
        byte[] compact = HexFormat.of().parseHex(hex);

        assertThat(PeerAddress.read(ByteBuffer.wrap(compact), compact.length).isDialable())
                .isEqualTo(dialable);
    }

    @Test
    void an_address_of_another_size_or_port_is_our_bug() {
        assertThatThrownBy(() -> PeerAddress.of(new byte[5], 1))
                .hasMessage("address of 5 bytes, allowed 4 or 16");
        assertThatThrownBy(() -> PeerAddress.of(new byte[4], 65_536))
                .hasMessage("port 65536, allowed 0..65535");
    }

    @Test
    void malformed_says_what_where_and_what_is_allowed() {
        var malformed =
                new MalformedException(
                        Rule.TOO_LARGE, "request.length", 9, "131073, allowed 1..131072 bytes");

        assertThat(malformed)
                .hasMessage(
                        "request.length at byte 9: 131073, allowed 1..131072 bytes (TOO_LARGE)");
        assertThat(malformed.rule()).isEqualTo(Rule.TOO_LARGE);
    }

    @Test
    void malformed_never_repeats_what_could_steer_a_terminal_or_a_log() {
        String hostile = "a\r\nERROR\u001b[2J\u0085\u2028\u202e\u200f\uFEFF\ud800 größe 😀";

        assertThat(new MalformedException(Rule.BAD_VALUE, "key", hostile))
                .hasMessage("key: a??ERROR?[2J?????? größe 😀 (BAD_VALUE)");
    }
}
