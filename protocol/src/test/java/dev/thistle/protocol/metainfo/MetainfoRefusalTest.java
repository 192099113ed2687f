package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every torrent that is refused, and the one line that says why. `P` stands for the 20 bytes of
/// one piece hash.
class MetainfoRefusalTest {

    private static final String HASH = "A".repeat(20);
    private static final String END = "4:name1:a12:piece lengthi16384e6:pieces20:P";

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String why, String torrent, String message) {
        assertThatThrownBy(() -> read(torrent))
                .isInstanceOf(MalformedException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> refused() {
        String many = "i2097153e"; // 2^21 + 1 pieces of one byte
        return Stream.of(
                refused(
                        "another kind of file",
                        "le",
                        "torrent: not a dictionary, allowed only a .torrent file (BAD_VALUE)"),
                refused("no info", "de", "info: missing, allowed a dictionary (BAD_VALUE)"),
                refused(
                        "info of another type",
                        "d4:info1:ae",
                        "info at byte 0: a byte string, allowed a dictionary (BAD_VALUE)"),
                info(
                        "a key twice",
                        "6:lengthi1e6:lengthi1e" + END,
                        "bencode at byte 27: key 'length' twice, allowed once (BAD_VALUE)"),
                info(
                        "a later version",
                        "6:lengthi1e12:meta versioni3e" + END,
                        "info.meta version: 3, allowed 1..2 (BAD_VALUE)"),
                info(
                        "no name",
                        "6:lengthi1e12:piece lengthi1e6:pieces20:P",
                        "info.name: missing, allowed a byte string (BAD_VALUE)"),
                info(
                        "name of another type",
                        "6:lengthi1e4:namei1e12:piece lengthi1e6:pieces20:P",
                        "name at byte 7: an integer, allowed a byte string (BAD_VALUE)"),
                info(
                        "no piece length",
                        "6:lengthi1e4:name1:a6:pieces20:P",
                        "info.piece length: missing, allowed 1..134217728 (BAD_VALUE)"),
                info(
                        "piece length 0",
                        "6:lengthi1e4:name1:a12:piece lengthi0e6:pieces20:P",
                        "info.piece length: 0, allowed 1..134217728 (BAD_VALUE)"),
                info(
                        "piece length below 0",
                        "6:lengthi1e4:name1:a12:piece lengthi-1e6:pieces20:P",
                        "info.piece length: -1, allowed 1..134217728 (BAD_VALUE)"),
                info(
                        "piece length over 128 MiB",
                        "6:lengthi1e4:name1:a12:piece lengthi134217729e6:pieces20:P",
                        "info.piece length: 134217729, allowed 1..134217728 (TOO_LARGE)"),
                info(
                        "no pieces",
                        "6:lengthi1e4:name1:a12:piece lengthi1e",
                        "info.pieces: missing, allowed 20 bytes for each piece (BAD_VALUE)"),
                info(
                        "too few hashes",
                        "6:lengthi16385e" + END,
                        "info.pieces: 20 bytes, allowed 40 (20 for each of 2 pieces) (BAD_VALUE)"),
                info(
                        "too many hashes",
                        "6:lengthi0e" + END,
                        "info.pieces: 20 bytes, allowed 0 (20 for each of 0 pieces) (BAD_VALUE)"),
                info(
                        "part of a hash",
                        "6:lengthi1e4:name1:a12:piece lengthi1e6:pieces21:Px",
                        "info.pieces: 21 bytes, allowed 20 (20 for each of 1 pieces) (BAD_VALUE)"),
                info(
                        "too many pieces",
                        "6:length" + many + "4:name1:a12:piece lengthi1e6:pieces20:P",
                        "info.piece length: 1 makes 2097153 pieces, allowed up to 2097152 pieces (TOO_LARGE)"),
                info(
                        "length and files",
                        "5:filesld6:lengthi1e4:pathl1:aeee6:lengthi1e" + END,
                        "info: both of length and files, allowed exactly one (BAD_VALUE)"),
                info(
                        "no length, no files",
                        END,
                        "info: none of length and files, allowed exactly one (BAD_VALUE)"),
                info(
                        "length below 0",
                        "6:lengthi-1e" + END,
                        "info.length: -1, allowed 0..281474976710656 (BAD_VALUE)"),
                info(
                        "length over 2^48",
                        "6:lengthi281474976710657e" + END,
                        "info.length: 281474976710657, allowed 0..281474976710656 (TOO_LARGE)"),
                info(
                        "length of another type",
                        "6:length1:1" + END,
                        "length at byte 7: a byte string, allowed an integer (BAD_VALUE)"),
                info(
                        "private of another type",
                        "6:lengthi1e" + END + "7:private1:1",
                        "private at byte 7: a byte string, allowed an integer (BAD_VALUE)"),
                files(
                        "files of another type",
                        "de",
                        "files at byte 7: a dictionary, allowed a list (BAD_VALUE)"),
                files("no files", "le", "info.files: 0, allowed 1..1000000 (BAD_VALUE)"),
                files(
                        "a file of another type",
                        "li1ee",
                        "info.files[0]: an integer, allowed a dictionary (BAD_VALUE)"),
                files(
                        "a file without length",
                        "ld4:pathl1:aeee",
                        "info.files[0].length: missing, allowed 0..281474976710656 (BAD_VALUE)"),
                files(
                        "a file below 0",
                        "ld6:lengthi5e4:pathl1:aeed6:lengthi-4e4:pathl1:beee",
                        "info.files[1].length: -4, allowed 0..281474976710656 (BAD_VALUE)"),
                files(
                        "a file over 2^48",
                        "ld6:lengthi9223372036854775807e4:pathl1:aeee",
                        "info.files[0].length: 9223372036854775807, allowed 0..281474976710656 (TOO_LARGE)"),
                files(
                        "a sum over 2^48",
                        "ld6:lengthi281474976710656e4:pathl1:aeed6:lengthi1e4:pathl1:beee",
                        "info.files, sum of length: 281474976710657, allowed 0..281474976710656 (TOO_LARGE)"),
                files(
                        "a file without path",
                        "ld6:lengthi1eee",
                        "info.files[0].path: missing, allowed a list of byte strings (BAD_VALUE)"),
                files(
                        "an empty path",
                        "ld6:lengthi1e4:pathleee",
                        "info.files[0].path: an empty list, allowed one element or more (BAD_VALUE)"),
                files(
                        "a number in a path",
                        "ld6:lengthi1e4:pathli1eeee",
                        "info.files[0].path: an integer in it, allowed byte strings (BAD_VALUE)"));
    }

    @Test
    void refuses_more_than_a_million_files_before_looking_at_any() {
        String files = "l" + "de".repeat(MetainfoReader.MAX_FILES + 1) + "e";

        assertThatThrownBy(() -> read("d4:infod5:files" + files + END + "ee"))
                .hasMessage("info.files: 1000001, allowed 1..1000000 (TOO_LARGE)");
    }

    @Test
    void refuses_a_file_over_64_mib_unread() {
        ByteBuffer large = ByteBuffer.allocate(MetainfoReader.MAX_FILE_BYTES + 1);

        assertThatThrownBy(() -> MetainfoReader.read(large))
                .hasMessage("torrent: 67108865 bytes, allowed up to 67108864 (TOO_LARGE)");
    }

    @Test
    void a_refusal_is_one_line_whatever_the_torrent_says() {
        assertThatThrownBy(() -> read("d3:\n\u001b[i1e3:\n\u001b[i1ee"))
                .hasMessage("bencode at byte 14: key '??[' twice, allowed once (BAD_VALUE)");
    }

    private static Arguments refused(String why, String torrent, String message) {
        return Arguments.of(why, torrent, message);
    }

    private static Arguments info(String why, String info, String message) {
        return Arguments.of(why, "d4:infod" + info + "ee", message);
    }

    private static Arguments files(String why, String files, String message) {
        return info(why, "5:files" + files + END, message);
    }

    private static Metainfo read(String torrent) throws MalformedException {
        return MetainfoReader.read(ByteBuffer.wrap(bytes(torrent)));
    }

    private static byte[] bytes(String torrent) {
        return torrent.replace("0:PP", "0:" + HASH + HASH)
                .replace("0:P", "0:" + HASH)
                .replace("1:Px", "1:" + HASH + "x")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
