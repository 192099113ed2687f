package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every torrent of `vectors/metainfo-v2.json`; libtorrent 2.0.8 read and made the same ones.
class MetainfoVectorTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("v1AndHybrid")
    void reads_v1_and_hybrid_torrents_as_v1(String name, JsonNode vector) throws Exception {
        Metainfo torrent = MetainfoReader.read(bytes(vector, "torrent_bencoded"));

        assertThat(torrent.infoHash())
                .isEqualTo(InfoHash.ofHex(vector.get("info_hash_v1").asString()));
        assertThat(torrent.infoBytes()).isEqualTo(bytes(vector, "info_bencoded"));
        assertThat(torrent.pieceLengthBytes()).isEqualTo(vector.get("piece_length").asInt());
        assertThat(torrent.isSingleFile())
                .isEqualTo(vector.get("kind").asString().equals("single"));
        assertThat(torrent.name()).isEqualTo(torrent.isSingleFile() ? "a.bin" : "dir");
        List<FileEntry> real = torrent.files().stream().filter(file -> !file.padding()).toList();
        assertThat(real)
                .extracting(FileEntry::path)
                .isEqualTo(files(vector).map(f -> List.of(f.get("name").asString())).toList());
        assertThat(real)
                .extracting(FileEntry::lengthBytes)
                .isEqualTo(files(vector).map(f -> f.get("size").asLong()).toList());
    }

    /// The content is laid out by position, padding left as zeros: so positions, padding and the
    /// hashes must all be right.
    @ParameterizedTest(name = "{0}")
    @MethodSource("v1AndHybrid")
    void every_piece_of_the_content_matches_its_hash(String name, JsonNode vector)
            throws Exception {
        Metainfo torrent = MetainfoReader.read(bytes(vector, "torrent_bencoded"));
        byte[] content = new byte[Math.toIntExact(torrent.lengthBytes())];
        int seed = 1;
        for (FileEntry file : torrent.files()) {
            if (!file.padding()) {
                byte[] bytes = content(vector, seed++);
                System.arraycopy(bytes, 0, content, (int) file.position(), bytes.length);
            }
        }

        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
            int from = piece * torrent.pieceLengthBytes();
            byte[] hash = sha1(content, from, from + torrent.pieceLengthBytes(piece));
            assertThat(torrent.pieceMatches(piece, hash)).as("piece " + piece).isTrue();
            assertThat(torrent.pieceHash(piece)).isEqualTo(hash);
            hash[0]++;
            assertThat(torrent.pieceMatches(piece, hash)).isFalse();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("v1")
    void makes_the_same_v1_torrent_from_the_same_content(String name, JsonNode vector)
            throws Exception {
        int pieceLength = vector.get("piece_length").asInt();
        var content = new ByteArrayOutputStream();
        for (int seed = 1; seed <= vector.get("files").size(); seed++) {
            content.writeBytes(content(vector, seed));
        }
        TorrentBuilder builder =
                vector.get("kind").asString().equals("single")
                        ? TorrentBuilder.ofFile("a.bin", content.size(), pieceLength)
                        : folder(vector, pieceLength);
        for (int from = 0; from < content.size(); from += pieceLength) {
            int to = Math.min(from + pieceLength, content.size());
            builder.pieceHash(sha1(content.toByteArray(), from, to));
        }

        byte[] file = builder.build();

        assertThat(ByteBuffer.wrap(file)).isEqualTo(bytes(vector, "torrent_bencoded"));
        assertThat(MetainfoReader.read(ByteBuffer.wrap(file)).infoBytes())
                .isEqualTo(bytes(vector, "info_bencoded"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("v2")
    void refuses_v2_alone_and_says_what_is_allowed(String name, JsonNode vector) {
        assertThatThrownBy(() -> MetainfoReader.read(bytes(vector, "torrent_bencoded")))
                .isInstanceOf(MalformedException.class)
                .hasMessage(
                        "info.pieces: missing, so this is a v2 torrent; allowed v1 and hybrid"
                                + " torrents (BAD_VALUE)");
    }

    static Stream<Object[]> v1() throws IOException {
        return torrents("v1");
    }

    static Stream<Object[]> v2() throws IOException {
        return torrents("v2");
    }

    static Stream<Object[]> v1AndHybrid() throws IOException {
        return torrents("v1", "hybrid", "hybrid-without-tail-pad");
    }

    private static Stream<Object[]> torrents(String... forms) throws IOException {
        try (var in = MetainfoVectorTest.class.getResourceAsStream("/vectors/metainfo-v2.json")) {
            return JsonMapper.shared()
                    .readTree(in)
                    .get("torrents")
                    .valueStream()
                    .filter(v -> Arrays.asList(forms).contains(v.get("form").asString()))
                    .map(v ->
                            new Object[] {
                                v.get("kind").asString() + " " + v.get("form").asString(), v
                            });
        }
    }

    private static TorrentBuilder folder(JsonNode vector, int pieceLength) {
        var builder = TorrentBuilder.ofFolder("dir", pieceLength);
        files(vector)
                .forEach(f ->
                        builder.file(List.of(f.get("name").asString()), f.get("size").asLong()));
        return builder;
    }

    /// The first three files are made by rule, the fourth is a word.
    private static byte[] content(JsonNode vector, int seed) throws Exception {
        JsonNode file = vector.get("files").get(seed - 1);
        byte[] content =
                seed == 4
                        ? "hello".getBytes(StandardCharsets.US_ASCII)
                        : VectorContent.of(seed, file.get("size").asInt());
        assertThat(MessageDigest.getInstance("SHA-256").digest(content))
                .as("content of the vector itself")
                .isEqualTo(HexFormat.of().parseHex(file.get("sha256").asString()));
        return content;
    }

    private static Stream<JsonNode> files(JsonNode vector) {
        return vector.get("files").valueStream();
    }

    private static byte[] sha1(byte[] bytes, int from, int to) throws Exception {
        return MessageDigest.getInstance("SHA-1").digest(Arrays.copyOfRange(bytes, from, to));
    }

    private static ByteBuffer bytes(JsonNode vector, String key) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(vector.get(key).asString()));
    }
}
