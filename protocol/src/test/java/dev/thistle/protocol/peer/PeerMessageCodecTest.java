package dev.thistle.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerMessageCodecTest {

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static ByteBuffer encoded(PeerMessage message) {
        ByteBuffer out = ByteBuffer.allocate(PeerMessageCodec.encodedBytes(message));
        PeerMessageCodec.encode(message, out);
        assertThat(out.hasRemaining()).as("encodedBytes told too many").isFalse();
        return out.flip();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void decodes_every_vector_and_encodes_it_alike(
            String name, String hex, String decoded, String source) throws Exception {
        PeerMessage message = PeerMessageCodec.decode(bytes(hex));
        assertThat(message).as("%s, %s", name, source).hasToString(decoded);
        if (!(message instanceof PeerMessage.Unknown)) {
            ByteBuffer frame = encoded(message);
            assertThat(frame.getInt()).isEqualTo(hex.length() / 2);
            assertThat(frame).isEqualTo(bytes(hex));
        }
    }

    /// Lines of four columns; a frame of no bytes is `""`.
    static Stream<Arguments> vectors() throws Exception {
        try (var in =
                PeerMessageCodecTest.class.getResourceAsStream("/vectors/peer-messages.csv")) {
            String table =
                    new String(
                            Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
            return table.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replace("\"\"", "").split("\\|"))
                    .map(cells -> Stream.of(cells).map(String::strip).toArray())
                    .map(Arguments::of);
        }
    }

    static Stream<PeerWireCaptures.Frame> captured() {
        return PeerWireCaptures.frames();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("captured")
    void every_captured_frame_is_decoded_and_encoded_alike(PeerWireCaptures.Frame captured)
            throws Exception {
        ByteBuffer in = captured.bytes().asBuffer();
        assertThat(PeerMessageCodec.frameBytes(in)).isEqualTo(captured.bytes().length());
        PeerMessage message = PeerMessageCodec.decode(in.slice(4, captured.bytes().length() - 4));
        assertThat(message).isNotInstanceOf(PeerMessage.Unknown.class);
        assertThat(encoded(message)).isEqualTo(in);
    }

    @Test
    void a_block_is_a_view_of_what_was_received() throws Exception {
        ByteBuffer frame = bytes("070000000100004000c0ffee");
        PeerMessage message = PeerMessageCodec.decode(frame);
        frame.put(9, (byte) 0x11);
        assertThat(message).isEqualTo(new PeerMessage.Piece(1, 16384, bytes("11ffee")));
        assertThat(encoded(message))
                .isEqualTo(bytes("0000000c070000000100004000 11ffee".replace(" ", "")));
    }

    @Test
    void a_bitfield_and_an_extension_message_keep_their_bytes() throws Exception {
        assertThat(PeerMessageCodec.decode(bytes("05ff80")))
                .isEqualTo(new PeerMessage.Bitfield(bytes("ff80")));
        assertThat(PeerMessageCodec.decode(bytes("14036465")))
                .isEqualTo(new PeerMessage.Extended(3, bytes("6465")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "06000000000000000000020001, request.length at byte 9: 131073",
        "06000000000000000000000000, request.length at byte 9: 0",
        "080000000000000000 00020001, cancel.length at byte 9: 131073",
        "100000000000000000 00000000, reject.length at byte 9: 0",
        "0480000000, have.piece at byte 1: 2147483648",
        "06ffffffff0000000000004000, request.piece at byte 1: 4294967295",
        "06000000008000000000004000, request.begin at byte 5: 2147483648",
        "060000000000000000ffffffff, request.length at byte 9: 4294967295",
        "07ffffffff00000000, piece.piece at byte 1: 4294967295",
        "070000000080000000, piece.begin at byte 5: 2147483648",
        "0dffffffff, suggest.piece at byte 1: 4294967295",
        "11ffffffff, allowed-fast.piece at byte 1: 4294967295",
        "04000000, have.piece at byte 1: 3 bytes left",
        "0600000000, request.begin at byte 5: 0 bytes left",
        "0700000000, piece.begin at byte 5: 0 bytes left",
        "09ff, port.port at byte 1: 1 bytes left",
        "14, extended.id at byte 1: 0 bytes left",
        "0000, message(0) at byte 1: 1 bytes after its end",
        "040000000500, message(4) at byte 5: 1 bytes after its end",
        "0e00, message(14) at byte 1: 1 bytes after its end",
        "150000, hash-request at byte 1: 2 bytes left",
        "17, hash-reject at byte 1: 0 bytes left"
    })
    void a_broken_message_is_refused_and_the_error_says_where(String hex, String message) {
        assertThatThrownBy(() -> PeerMessageCodec.decode(bytes(hex.replace(" ", ""))))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void a_number_of_a_hash_message_is_never_negative() {
        ByteBuffer frame = ByteBuffer.allocate(49).put(0, (byte) 21).putInt(1 + 32 + 8, -1);
        assertThatThrownBy(() -> PeerMessageCodec.decode(frame))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("hash-request.length at byte 41: 4294967295");
    }

    @Test
    void half_a_hash_is_refused() {
        ByteBuffer frame = ByteBuffer.allocate(49 + 48).put(0, (byte) 22);
        assertThatThrownBy(() -> PeerMessageCodec.decode(frame))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("hashes.hashes at byte 49: 48 bytes, allowed multiples");
    }

    @Test
    void an_answer_holds_as_many_hashes_as_its_range_says() throws Exception {
        int answers = 0;
        for (PeerWireCaptures.Frame captured : captured().toList()) {
            ByteBuffer in = captured.bytes().asBuffer().position(4);
            if (PeerMessageCodec.decode(in) instanceof PeerMessage.Hashes(var range, var hashes)) {
                assertThat(range.hashCount()).isEqualTo(hashes.length() / HashRange.HASH_BYTES);
                answers++;
            }
        }
        assertThat(answers).isGreaterThan(2);
    }

    @ParameterizedTest(name = "length {0}, proof layers {1}")
    @CsvSource({"8, 2, 8", "512, 9, 513", "64, 9, 68", "2, 0, 2", "2, 5, 7", "1, 3, 4"})
    void proof_layers_that_follow_from_the_hashes_are_left_out(int length, int proof, int count) {
        var root = ByteString.of(new byte[32]);
        assertThat(new HashRange(root, 0, 0, length, proof).hashCount()).isEqualTo(count);
    }

    @Test
    void the_position_of_the_frame_does_not_shift_the_offsets_in_errors() {
        ByteBuffer in = bytes("deadbeef0480000000").position(4);
        assertThatThrownBy(() -> PeerMessageCodec.decode(in))
                .hasMessageStartingWith("have.piece at byte 1:");
    }

    @Test
    void a_block_longer_than_16_KiB_is_refused() {
        ByteBuffer frame = ByteBuffer.allocate(9 + 16385).put(0, (byte) 7);
        assertThatThrownBy(() -> PeerMessageCodec.decode(frame))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("piece.data at byte 0: 16385, allowed 0..16384 bytes");
    }

    @ParameterizedTest(name = "id {0}: at most {1}")
    @CsvSource({
        "0, 1",
        "1, 1",
        "2, 1",
        "3, 1",
        "14, 1",
        "15, 1",
        "4, 5",
        "13, 5",
        "17, 5",
        "9, 3",
        "6, 13",
        "8, 13",
        "16, 13",
        "5, 262145",
        "7, 16393",
        "20, 1048578",
        "21, 49",
        "22, 17521",
        "23, 49",
        "24, 1048576",
        "99, 1048576",
        "255, 1048576"
    })
    void a_length_that_its_id_does_not_allow_is_refused_before_anything_is_stored(int id, int most)
            throws Exception {
        assertThat(PeerMessageCodec.frameBytes(prefix(most, id))).isEqualTo(4 + most);
        assertThatThrownBy(() -> PeerMessageCodec.frameBytes(prefix(most + 1, id)))
                .isInstanceOf(MalformedException.class)
                .hasMessage(
                        "message(%d).length at byte 0: %d, allowed 0..%d bytes (TOO_LARGE)",
                        id, most + 1, most);
    }

    @ParameterizedTest
    @ValueSource(ints = {1048579, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void a_length_that_no_id_allows_is_refused_by_the_prefix_alone(int length) {
        ByteBuffer prefix = ByteBuffer.allocate(4).putInt(0, length);
        assertThatThrownBy(() -> PeerMessageCodec.frameBytes(prefix))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith(
                        "message.length at byte 0: " + Integer.toUnsignedString(length));
    }

    @Test
    void a_frame_that_has_only_begun_is_waited_for() throws Exception {
        assertThat(PeerMessageCodec.frameBytes(bytes(""))).isZero();
        assertThat(PeerMessageCodec.frameBytes(bytes("000000"))).isZero();
        assertThat(PeerMessageCodec.frameBytes(bytes("00000001"))).isZero();
        assertThat(PeerMessageCodec.frameBytes(bytes("00000000"))).isEqualTo(4);
        ByteBuffer in = bytes("ffff0000000504").position(2);
        assertThat(PeerMessageCodec.frameBytes(in)).isEqualTo(9);
        assertThat(in.position()).isEqualTo(2);
    }

    @Test
    void the_head_of_a_piece_message_is_that_of_the_whole() {
        ByteBuffer head = ByteBuffer.allocate(13);
        PeerMessageCodec.encodePieceHead(3, 16384, 2, head);
        assertThat(head.flip().put(0, head, 0, 13))
                .isEqualTo(encoded(new PeerMessage.Piece(3, 16384, bytes("abcd"))).limit(13));
    }

    @Test
    void an_unknown_message_cannot_be_sent() {
        assertThatThrownBy(() -> PeerMessageCodec.encodedBytes(new PeerMessage.Unknown(99, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("99");
    }

    private static ByteBuffer prefix(int length, int id) {
        return ByteBuffer.allocate(5).putInt(length).put((byte) id).flip();
    }
}
