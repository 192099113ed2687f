package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorrentBuilderTest {

    private static final String HASH = "A".repeat(20);

    @Test
    void what_is_not_set_is_absent() {
        assertThat(text(oneByte()))
                .isEqualTo(
                        "d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:"
                                + HASH
                                + "ee");
    }

    @Test
    void what_is_set_is_read_back() throws Exception {
        Metainfo torrent =
                read(
                        oneByte()
                                .announceTier(List.of("udp://a", "udp://b"))
                                .announceTier(List.of("udp://c"))
                                .obfuscateAnnounceTier(List.of("http://d"))
                                .webSeed("http://e")
                                .webSeed("http://f")
                                .isPrivate(true)
                                .comment("größe")
                                .createdBy("me")
                                .creationDate(Instant.ofEpochSecond(1_700_000_000, 5))
                                .source("src"));

        assertThat(torrent.announceList()).hasToString("[[udp://a, udp://b], [udp://c]]");
        assertThat(torrent.obfuscateAnnounceList()).hasToString("[[http://d]]");
        assertThat(torrent.webSeeds()).containsExactly("http://e", "http://f");
        assertThat(torrent.isPrivate()).isTrue();
        assertThat(torrent.comment()).contains("größe");
        assertThat(torrent.createdBy()).contains("me");
        assertThat(torrent.creationDate()).contains(Instant.ofEpochSecond(1_700_000_000));
        assertThat(torrent.source()).contains("src");
    }

    @Test
    void a_lone_tracker_and_a_lone_web_seed_take_the_form_every_client_knows() {
        assertThat(text(oneByte().announceTier(List.of("udp:a")).webSeed("http:b")))
                .startsWith("d8:announce5:udp:a4:infod")
                .endsWith("e8:url-list6:http:be");
        assertThat(text(oneByte().announceTier(List.of("udp:a", "udp:b"))))
                .startsWith("d8:announce5:udp:a13:announce-listll5:udp:a5:udp:bee4:info");
        assertThat(text(oneByte().obfuscateAnnounceTier(List.of("http:a"))))
                .doesNotContain("8:announce")
                .endsWith("23:obfuscate-announce-listll6:http:aeee");
    }

    @Test
    void private_and_source_change_the_name_of_the_torrent_and_a_comment_does_not()
            throws Exception {
        var plain = read(oneByte()).infoHash();

        assertThat(read(oneByte().isPrivate(true)).infoHash()).isNotEqualTo(plain);
        assertThat(read(oneByte().source("x")).infoHash()).isNotEqualTo(plain);
        assertThat(read(oneByte().isPrivate(false).comment("x").webSeed("http:a")).infoHash())
                .isEqualTo(plain);
    }

    /// Where libtorrent 2.0.8 puts it: beside the length, in each description of the file.
    @Test
    void a_program_says_so_in_all_its_descriptions() throws Exception {
        Set<FileAttribute> program = Set.of(FileAttribute.EXECUTABLE);
        byte[] hash = HASH.getBytes(StandardCharsets.US_ASCII);
        Sha256 root = Sha256.of(new byte[32]);
        Supplier<TorrentBuilder> file =
                () -> TorrentBuilder.ofFile("a", 1, 16_384, program).root(List.of("a"), root);
        Supplier<TorrentBuilder> folder = () -> TorrentBuilder.ofFolder("t", 16_384);
        UnaryOperator<TorrentBuilder> filled =
                builder -> builder.file(List.of("b"), 1, program).root(List.of("b"), root);

        var v1 = file.get().pieceHash(hash);
        var v2 = file.get().version(MetaVersion.V2);
        var hybrid = file.get().version(MetaVersion.HYBRID).pieceHash(hash);
        var inV1 = filled.apply(folder.get()).pieceHash(hash);
        var inV2 = filled.apply(folder.get().version(MetaVersion.V2));
        var inHybrid = filled.apply(folder.get().version(MetaVersion.HYBRID)).pieceHash(hash);

        assertThat(text(v1)).contains("4:infod4:attr1:x6:lengthi1e4:name");
        assertThat(text(v2))
                .contains("4:infod9:file treed1:ad0:d4:attr1:x6:lengthi1e11:pieces root");
        assertThat(text(hybrid)).contains("4:infod4:attr1:x9:file treed1:ad0:d4:attr1:x6:length");
        assertThat(text(inV1)).contains("4:infod5:filesld4:attr1:x6:lengthi1e4:pathl1:beee4:name");
        assertThat(text(inV2)).contains("4:infod9:file treed1:bd0:d4:attr1:x6:lengthi1e");
        assertThat(text(inHybrid))
                .contains("9:file treed1:bd0:d4:attr1:x6:lengthi1e")
                .contains("5:filesld4:attr1:x6:lengthi1e4:pathl1:beed4:attr1:p6:lengthi16383e");
        for (TorrentBuilder each : List.of(v1, v2, hybrid, inV1, inV2, inHybrid)) {
            assertThat(read(each).files().getFirst().attributes()).isEqualTo(program);
        }
    }

    @Test
    void nobody_adds_padding_or_links() {
        assertThatThrownBy(() ->
                        TorrentBuilder.ofFolder("t", 16_384)
                                .file(List.of("a"), 1, Set.of(FileAttribute.LINK)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a file that is [LINK], allowed [EXECUTABLE, HIDDEN]");
    }

    @Test
    void refuses_to_make_what_no_reader_takes() {
        assertThatThrownBy(() -> TorrentBuilder.ofFile("a", 20_000, 16_384).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "not a torrent yet: info.pieces: 0 bytes, allowed 40 (20 for each of 2"
                                + " pieces) (BAD_VALUE)");
        assertThatThrownBy(() -> TorrentBuilder.ofFolder("a", 16_384).build())
                .hasMessageContaining("info.files: 0, allowed 1..1000000");
        assertThatThrownBy(() -> TorrentBuilder.ofFile("a", 0, 0).build())
                .hasMessageContaining("info.piece length: 0, allowed 1..134217728");
        assertThatThrownBy(() -> oneByte().file(List.of("b"), 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> oneByte().pieceHash(new byte[32]))
                .hasMessage("piece hash of 32 bytes, allowed 20");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " udp:a", "udp:a b", "udp:a\r\nHost: b", "udp:\u202Ea"})
    void refuses_a_url_that_would_not_be_read_back(String url) {
        assertThatThrownBy(() -> oneByte().announceTier(List.of(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("allowed 1..2048 without spaces and controls");
        assertThatThrownBy(() -> oneByte().webSeed(url))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refuses_a_tier_of_nothing() {
        assertThatThrownBy(() -> oneByte().announceTier(List.of()))
                .hasMessage("a tier without URLs, allowed one or more");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void any_folder_is_written_in_canonical_form_and_read_back(long seed) throws Exception {
        var random = new Random(seed);
        int pieceLength = 1 << (4 + random.nextInt(10));
        var builder = TorrentBuilder.ofFolder("name " + seed, pieceLength);
        List<FileEntry> files = new ArrayList<>();
        long position = 0;
        for (int i = random.nextInt(8); i >= 0; i--) {
            var path = List.of("folder " + random.nextInt(3), "ö" + i);
            long length = random.nextInt(3) == 0 ? 0 : random.nextInt(20_000);
            files.add(new FileEntry(path, length, position, false));
            builder.file(path, length);
            position += length;
        }
        for (long from = 0; from < position; from += pieceLength) {
            byte[] hash = new byte[20];
            random.nextBytes(hash);
            builder.pieceHash(hash);
        }

        byte[] file = builder.build();

        BencodeReader.readAll(ByteBuffer.wrap(file), Keys.CANONICAL);
        Metainfo torrent = MetainfoReader.read(ByteBuffer.wrap(file));
        assertThat(torrent.files()).isEqualTo(files);
        assertThat(torrent.lengthBytes()).isEqualTo(position);
        long sum = 0;
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
            sum += torrent.pieceLengthBytes(piece);
        }
        assertThat(sum).isEqualTo(position);
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static TorrentBuilder oneByte() {
        return TorrentBuilder.ofFile("a", 1, 16_384)
                .pieceHash(HASH.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(TorrentBuilder builder) {
        return new String(builder.build(), StandardCharsets.UTF_8);
    }

    private static Metainfo read(TorrentBuilder builder) throws Exception {
        return MetainfoReader.read(ByteBuffer.wrap(builder.build()));
    }
}
