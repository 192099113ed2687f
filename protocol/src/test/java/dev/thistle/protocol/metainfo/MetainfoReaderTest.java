package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read, what is forgiven, and what the texts of a torrent become. `P` in a torrent stands
/// for the 20 bytes of one piece hash.
class MetainfoReaderTest {

    private static final String HASH = "A".repeat(20);
    private static final String END = "4:name1:a12:piece lengthi16384e6:pieces20:P";

    @Test
    void reads_the_smallest_torrent() throws Exception {
        Metainfo torrent = read("d4:infod6:lengthi1e" + END + "ee");

        assertThat(torrent.name()).isEqualTo("a");
        assertThat(torrent.files()).containsExactly(new FileEntry(List.of("a"), 1, 0, false));
        assertThat(torrent.pieceCount()).isEqualTo(1);
        assertThat(torrent.pieceLengthBytes(0)).isEqualTo(1);
        assertThat(torrent.isPrivate()).isFalse();
        assertThat(torrent.announceList()).isEmpty();
        assertThat(torrent.obfuscateAnnounceList()).isEmpty();
        assertThat(torrent.webSeeds()).isEmpty();
        assertThat(torrent.comment()).isEmpty();
        assertThat(torrent.createdBy()).isEmpty();
        assertThat(torrent.creationDate()).isEmpty();
        assertThat(torrent.source()).isEmpty();
        assertThatThrownBy(() -> torrent.pieceHash(1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> torrent.pieceLengthBytes(-1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void leaves_the_buffer_as_it_is_and_keeps_nothing_of_it() throws Exception {
        byte[] bytes = bytes("xxd4:infod6:lengthi1e" + END + "eeyy");
        ByteBuffer file = ByteBuffer.wrap(bytes).position(2);

        Metainfo torrent = MetainfoReader.read(file);
        Arrays.fill(bytes, (byte) 0);

        assertThat(file.position()).isEqualTo(2);
        assertThat(torrent.infoBytes())
                .isEqualTo(ByteBuffer.wrap(bytes("d6:lengthi1e" + END + "e")));
        assertThat(torrent.infoBytes().isReadOnly()).isTrue();
        assertThat(torrent.pieceMatches(0, HASH.getBytes(StandardCharsets.US_ASCII))).isTrue();
    }

    @Test
    void hashes_unsorted_keys_as_they_stand() throws Exception {
        Metainfo sorted = read("d4:infod6:lengthi1e" + END + "ee");
        Metainfo unsorted = read("d4:infod" + END + "6:lengthi1eee");

        assertThat(unsorted.files()).isEqualTo(sorted.files());
        assertThat(unsorted.infoHash()).isNotEqualTo(sorted.infoHash());
    }

    @Test
    void keys_it_does_not_know_count_for_the_hash_alone() throws Exception {
        assertThat(read("d4:infod6:lengthi1e" + END + "1:zlee1:zi1ee").pieceCount()).isEqualTo(1);
    }

    @Test
    void empty_files_are_legal_and_a_torrent_of_nothing_else_has_no_pieces() throws Exception {
        Metainfo torrent =
                read(
                        "d4:infod5:filesld6:lengthi0e4:pathl1:aeee4:name1:d12:piece lengthi1e6:pieces0:ee");

        assertThat(torrent.pieceCount()).isZero();
        assertThat(torrent.lengthBytes()).isZero();
    }

    @Test
    void the_largest_torrent_is_read() throws Exception {
        String pieces = "\0".repeat(20 * MetainfoReader.MAX_PIECES);
        Metainfo torrent =
                read(
                        "d4:infod6:lengthi281474976710656e4:name1:a12:piece lengthi134217728e6:pieces"
                                + pieces.length()
                                + ":"
                                + pieces
                                + "ee");

        assertThat(torrent.pieceCount()).isEqualTo(MetainfoReader.MAX_PIECES);
        assertThat(torrent.pieceLengthBytes(MetainfoReader.MAX_PIECES - 1))
                .isEqualTo(MetainfoReader.MAX_PIECE_LENGTH_BYTES);
    }

    @Test
    void positions_follow_one_another() throws Exception {
        Metainfo torrent =
                readFiles(
                        "ld6:lengthi3e4:pathl1:aeed6:lengthi0e4:pathl1:beed6:lengthi7e4:pathl1:c1:deee");

        assertThat(torrent.files())
                .containsExactly(
                        new FileEntry(List.of("a"), 3, 0, false),
                        new FileEntry(List.of("b"), 0, 3, false),
                        new FileEntry(List.of("c", "d"), 7, 3, false));
        assertThat(torrent.lengthBytes()).isEqualTo(10);
        assertThat(torrent.isSingleFile()).isFalse();
    }

    @Test
    void utf_8_keys_override_and_broken_text_is_replaced() throws Exception {
        Metainfo torrent =
                read(
                        ("d4:infod5:filesld6:lengthi1e4:pathl1:xe10:path.utf-8l2:\u00c3\u00b6e"
                                + "ed6:lengthi1e4:pathl2:a\u00ffe10:path.utf-8i1eee"
                                + "4:name1:x10:name.utf-82:\u00c3\u00a4"
                                + "12:piece lengthi16384e6:pieces20:"
                                + HASH
                                + "ee"));

        assertThat(torrent.name()).isEqualTo("ä");
        assertThat(torrent.files())
                .extracting(FileEntry::path)
                .containsExactly(List.of("ö"), List.of("a\uFFFD"));
    }

    @Test
    void padding_is_known_by_attribute_or_by_its_old_name() throws Exception {
        Metainfo torrent =
                readFiles(
                        "ld4:attr1:p6:lengthi3e4:pathl4:.pad1:3eed4:attr2:hp6:lengthi4eed6:lengthi5e4:path"
                                + "l22:_____padding_file_0_ifeed4:attr1:x6:lengthi6e4:pathl1:aeee");

        assertThat(torrent.files())
                .extracting(FileEntry::padding)
                .containsExactly(true, true, true, false);
        assertThat(torrent.files().get(1).path()).containsExactly(".pad", "4");
    }

    @Test
    void padding_as_long_as_a_piece_is_an_ordinary_file() throws Exception {
        assertThat(readFiles("ld4:attr1:p6:lengthi16383e4:pathl1:aeee").files())
                .extracting(FileEntry::padding)
                .containsExactly(true);
        assertThat(readFiles("ld4:attr1:p6:lengthi16384e4:pathl1:aeee").files())
                .extracting(FileEntry::padding)
                .containsExactly(false);
        assertThatThrownBy(() -> readFiles("ld4:attr1:p6:lengthi16384eee"))
                .hasMessageStartingWith("info.files[0].path: missing");
    }

    @Test
    void a_symbolic_link_takes_no_bytes() throws Exception {
        Metainfo torrent =
                readFiles("ld4:attr1:l4:pathl1:ae12:symlink pathl1:beed6:lengthi1e4:pathl1:beee");

        assertThat(torrent.files()).extracting(FileEntry::lengthBytes).containsExactly(0L, 1L);
    }

    @Test
    void reads_what_stands_around_the_info() throws Exception {
        Metainfo torrent =
                read(
                        "d7:comment2:hi10:created by1:x13:creation datei1700000000e4:infod6:lengthi1e"
                                + END
                                + "7:privatei1e6:source3:srcee");

        assertThat(torrent.comment()).contains("hi");
        assertThat(torrent.createdBy()).contains("x");
        assertThat(torrent.creationDate()).contains(Instant.ofEpochSecond(1_700_000_000));
        assertThat(torrent.isPrivate()).isTrue();
        assertThat(torrent.source()).contains("src");
    }

    @ParameterizedTest
    @ValueSource(strings = {"i-1e", "i253402300800e", "i9223372036854775807e", "1:1", "le"})
    void a_date_that_is_none_is_left_out(String date) throws Exception {
        assertThat(with("13:creation date" + date).creationDate()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7:commenti1e", "10:created byle", "8:announcei1e", "8:url-listde"})
    void advice_of_another_type_is_left_out(String advice) throws Exception {
        Metainfo torrent = with(advice);

        assertThat(torrent.comment()).isEmpty();
        assertThat(torrent.createdBy()).isEmpty();
        assertThat(torrent.announceList()).isEmpty();
        assertThat(torrent.webSeeds()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8:announce5:udp:a                                   | [[udp:a]]",
                "8:announcel5:udp:a5:udp:be                          | [[udp:a, udp:b]]",
                "13:announce-listll5:udp:a5:udp:bel5:udp:cee         | [[udp:a, udp:b], [udp:c]]",
                "8:announce5:udp:x13:announce-listll5:udp:aee        | [[udp:a]]",
                "8:announce5:udp:x13:announce-listle                 | [[udp:x]]",
                "8:announce5:udp:x13:announce-listllee               | [[udp:x]]",
                "8:announce5:udp:x13:announce-list5:udp:a            | [[udp:x]]",
                "8:announce5:udp:x13:announce-listl5:udp:ae          | [[udp:x]]",
                "13:announce-listli1el5:udp:ai2e0:ed1:alee4:teste | [[udp:a]]",
                "13:announce-listll5:udp:ael5:udp:a5:udp:bee         | [[udp:a], [udp:b]]",
                "8:announce6:udp: a                                  | []",
                "8:announce0:                                        | []",
            })
    void trackers_come_in_tiers_and_what_is_none_is_passed_over(String keys, String tiers)
            throws Exception {
        assertThat(with(keys).announceList()).hasToString(tiers);
    }

    @Test
    void white_space_around_a_url_is_cut() throws Exception {
        assertThat(with("8:announce8: udp:a\r\n").announceList()).hasToString("[[udp:a]]");
    }

    @Test
    void obfuscated_trackers_are_tiers_of_their_own() throws Exception {
        Metainfo torrent =
                with("8:announce5:udp:a23:obfuscate-announce-listll6:http:bel6:http:cee");

        assertThat(torrent.announceList()).hasToString("[[udp:a]]");
        assertThat(torrent.obfuscateAnnounceList()).hasToString("[[http:b], [http:c]]");
    }

    @Test
    void of_many_trackers_the_first_fifty_in_twenty_tiers_count() throws Exception {
        String oneTier =
                IntStream.range(0, 60)
                        .mapToObj(i -> "6:udp:%02d".formatted(i))
                        .reduce("", String::concat);
        String manyTiers =
                IntStream.range(0, 60)
                        .mapToObj(i -> "l6:udp:%02de".formatted(i))
                        .reduce("", String::concat);

        assertThat(with("13:announce-listll" + oneTier + "ee").announceList().getFirst())
                .hasSize(MetainfoReader.MAX_TRACKERS);
        assertThat(with("13:announce-listl" + manyTiers + "e").announceList())
                .hasSize(MetainfoReader.MAX_TIERS)
                .last()
                .isEqualTo(List.of("udp:19"));
    }

    @Test
    void a_url_over_2048_characters_is_left_out() throws Exception {
        String longest = "u".repeat(2_048);

        assertThat(with("8:announce2048:" + longest).announceList()).hasSize(1);
        assertThat(with("8:announce2049:" + longest + "u").announceList()).isEmpty();
    }

    @Test
    void web_seeds_are_one_string_or_a_list() throws Exception {
        assertThat(with("8:url-list6:http:a").webSeeds()).containsExactly("http:a");
        assertThat(with("8:url-list0:").webSeeds()).isEmpty();
        assertThat(with("8:url-listl6:http:ai1e6:http:b6:http:ae").webSeeds())
                .containsExactly("http:a", "http:b");
    }

    /// Whatever is damaged, the torrent is read or refused in one clean line, and what is read can
    /// be asked everything.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_damaged_torrent_is_read_or_refused_and_nothing_else(long seed) {
        var random = new Random(seed);
        byte[] whole =
                bytes(
                        "d8:announce5:udp:a13:announce-listll5:udp:aee13:creation datei17e4:infod5:files"
                                + "ld4:attr1:p6:lengthi3e4:pathl4:.pad1:3eed6:lengthi5e4:pathl1:a1:beee"
                                + END
                                + "7:privatei1ee8:url-list6:http:ae");
        for (int round = 0; round < 50; round++) {
            byte[] damaged = whole.clone();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] =
                        (byte)
                                (random.nextBoolean()
                                        ? "ilde:-0123456789".charAt(random.nextInt(16))
                                        : random.nextInt());
            }
            try {
                Metainfo torrent = MetainfoReader.read(ByteBuffer.wrap(damaged));
                for (int piece = 0; piece < torrent.pieceCount(); piece++) {
                    assertThat(torrent.pieceLengthBytes(piece)).isPositive();
                }
                assertThat(SafePaths.of(torrent)).hasSameSizeAs(torrent.files());
            } catch (MalformedException refused) {
                assertThat(refused.getMessage()).matches("\\P{Cntrl}+");
            }
        }
    }

    /// Shuffled keys are another torrent (another hash) with the same files.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_order_of_keys_changes_nothing_but_the_hash(long seed) throws Exception {
        List<String> keys =
                new ArrayList<>(
                        List.of(
                                "6:lengthi20000e",
                                "4:name1:a",
                                "12:piece lengthi16384e",
                                "6:pieces40:PP",
                                "7:privatei1e"));
        Collections.shuffle(keys, new Random(seed));

        Metainfo torrent = read("d4:infod" + String.join("", keys) + "ee");

        assertThat(torrent.pieceCount()).isEqualTo(2);
        assertThat(torrent.pieceLengthBytes(1)).isEqualTo(20_000 - 16_384);
        assertThat(torrent.isPrivate()).isTrue();
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static Metainfo with(String keys) throws MalformedException {
        return read("d" + keys + "4:infod6:lengthi1e" + END + "ee");
    }

    private static Metainfo readFiles(String files) throws MalformedException {
        return read("d4:infod5:files" + files + END + "ee");
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
