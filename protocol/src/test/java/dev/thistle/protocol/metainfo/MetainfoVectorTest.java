package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.VectorContent;
import dev.thistle.protocol.merkle.HashLayer;
import dev.thistle.protocol.merkle.Leaves;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.merkle.TreeShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every torrent of `vectors/metainfo-v2.json`; libtorrent 2.0.8 read and made the same ones.
class MetainfoVectorTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void reads_every_torrent(String name, JsonNode vector) throws Exception {
        Metainfo torrent = MetainfoReader.read(bytes(vector, "torrent_bencoded"));

        assertThat(torrent.infoHashes()).isEqualTo(infoHashes(vector));
        assertThat(torrent.infoHash()).isEqualTo(torrent.infoHashes().all().getFirst());
        assertThat(torrent.version()).isEqualTo(version(vector));
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
        assertThat(torrent.lengthBytes())
                .isEqualTo(files(vector).mapToLong(f -> f.get("size").asLong()).sum());
        assertThat(HexFormat.of().formatHex(layers(torrent)))
                .isEqualTo(
                        vector.has("piece_layers")
                                ? vector.get("piece_layers").iterator().next().asString()
                                : "");
    }

    private static byte[] layers(Metainfo torrent) {
        var all = new ByteArrayOutputStream();
        for (HashLayer layer : torrent.pieceLayers().all().values()) {
            byte[] bytes = new byte[layer.asBuffer().remaining()];
            layer.asBuffer().get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static MetaVersion version(JsonNode vector) {
        return switch (vector.get("form").asString()) {
            case "v1" -> MetaVersion.V1;
            case "v2" -> MetaVersion.V2;
            default -> MetaVersion.HYBRID;
        };
    }

    private static InfoHashes infoHashes(JsonNode vector) {
        return switch (version(vector)) {
            case V1 -> InfoHashes.v1(InfoHash.ofHex(vector.get("info_hash_v1").asString()));
            case V2 -> InfoHashes.v2(Sha256.ofHex(vector.get("info_hash_v2").asString()));
            case HYBRID ->
                    InfoHashes.hybrid(
                            InfoHash.ofHex(vector.get("info_hash_v1").asString()),
                            Sha256.ofHex(vector.get("info_hash_v2").asString()));
        };
    }

    /// A link to a hybrid may name it by one hash alone; both swarms are known afterwards.
    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void reads_the_info_that_a_magnet_link_names(String name, JsonNode vector) throws Exception {
        InfoHashes hashes = infoHashes(vector);
        String v1 = hashes.v1().map(hash -> "&xt=urn:btih:" + hash).orElse("");
        String v2 = hashes.v2().map(hash -> "&xt=urn:btmh:1220" + hash).orElse("");

        for (String topics : List.of(v1 + v2, v1.isEmpty() ? v2 : v1, v2.isEmpty() ? v1 : v2)) {
            Magnet link = Magnet.parse("magnet:?tr=udp://t:1&ws=http://w/" + topics);
            Metainfo torrent = MetainfoReader.readInfo(bytes(vector, "info_bencoded"), link);

            assertThat(torrent.infoHashes()).isEqualTo(hashes);
            assertThat(torrent.announceList()).containsExactly(List.of("udp://t:1"));
            assertThat(torrent.webSeeds()).containsExactly("http://w/");
            assertThat(torrent.pieceLayers().all()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void refuses_info_that_a_magnet_link_does_not_name(String name, JsonNode vector)
            throws Exception {
        Magnet other = Magnet.parse("magnet:?xt=urn:btmh:1220" + "0".repeat(64));

        assertThatThrownBy(() -> MetainfoReader.readInfo(bytes(vector, "info_bencoded"), other))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("info: has the info-hash ");
    }

    /// By blocks and by pieces: data alone, without the padding that SHA-1 covers.
    @ParameterizedTest(name = "{0}")
    @MethodSource("v2AndHybrid")
    void every_piece_of_the_content_leads_to_its_root(String name, JsonNode vector)
            throws Exception {
        Metainfo torrent = MetainfoReader.read(bytes(vector, "torrent_bencoded"));
        byte[] content = stream(torrent, vector);
        int pieceLevel = TreeShape.pieceLevel(torrent.pieceLengthBytes());

        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
            ByteBuffer leaves = ByteBuffer.allocate(Sha256.BYTES << pieceLevel);
            int start = piece * torrent.pieceLengthBytes();
            int end = start + torrent.pieceLengthBytes(piece);
            for (int from = start; from < end; from += TreeShape.BLOCK_BYTES) {
                int to = Math.min(from + TreeShape.BLOCK_BYTES, end);
                leaves.put(
                        MessageDigest.getInstance("SHA-256")
                                .digest(Arrays.copyOfRange(content, from, to)));
            }
            int height =
                    torrent.fileAt(piece).lengthBytes() > torrent.pieceLengthBytes()
                            ? pieceLevel
                            : TreeShape.ofFile(end - start).height();
            assertThat(torrent.pieceRoot(piece, torrent.pieceLayers()))
                    .as("piece " + piece)
                    .contains(HashLayer.of(0, leaves.flip()).root(height));
        }
        assertThat(torrent.pieceRoot(0, PieceLayers.NONE)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("v2AndHybrid")
    void a_piece_ends_where_padding_begins(String name, JsonNode vector) throws Exception {
        Metainfo torrent = MetainfoReader.read(bytes(vector, "torrent_bencoded"));
        boolean isFolder = vector.get("kind").asString().equals("multi");
        boolean hasTail = vector.get("form").asString().equals("hybrid");

        assertThat(torrent.pieceCount()).isEqualTo(isFolder ? 6 : 4);
        assertThat(lengths(torrent, torrent::pieceLengthBytes))
                .containsExactly(
                        isFolder
                                ? new int[] {32768, 32768, 4464, 20000, 32768, 5}
                                : new int[] {32768, 32768, 32768, 1696});
        assertThat(lengths(torrent, torrent::pieceSpanBytes))
                .containsExactly(
                        isFolder
                                ? new int[] {32768, 32768, 32768, 32768, 32768, hasTail ? 32768 : 5}
                                : new int[] {32768, 32768, 32768, 1696});
        assertThat(torrent.spanBytes())
                .isEqualTo(isFolder ? 5 * 32768 + (hasTail ? 32768 : 5) : 100_000);
    }

    private static int[] lengths(Metainfo torrent, IntUnaryOperator length) {
        return IntStream.range(0, torrent.pieceCount()).map(length).toArray();
    }

    /// The content is laid out by position, padding left as zeros: so positions, padding and the
    /// hashes must all be right.
    @ParameterizedTest(name = "{0}")
    @MethodSource("v1AndHybrid")
    void every_piece_of_the_content_matches_its_hash(String name, JsonNode vector)
            throws Exception {
        Metainfo torrent = MetainfoReader.read(bytes(vector, "torrent_bencoded"));
        byte[] content = stream(torrent, vector);

        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
            int from = piece * torrent.pieceLengthBytes();
            byte[] hash = sha1(content, from, from + torrent.pieceSpanBytes(piece));
            assertThat(torrent.pieceMatches(piece, hash)).as("piece " + piece).isTrue();
            assertThat(torrent.pieceHash(piece)).isEqualTo(hash);
            hash[0]++;
            assertThat(torrent.pieceMatches(piece, hash)).isFalse();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("thatWeMake")
    void makes_the_same_torrent_from_the_same_content(String name, JsonNode vector)
            throws Exception {
        Metainfo torrent = MetainfoReader.read(bytes(vector, "torrent_bencoded"));
        byte[] content = stream(torrent, vector);
        TorrentBuilder builder = empty(vector, torrent);
        for (int piece = 0; piece < torrent.pieceCount() && torrent.version().hasV1(); piece++) {
            int from = piece * torrent.pieceLengthBytes();
            builder.pieceHash(sha1(content, from, from + torrent.pieceSpanBytes(piece)));
        }
        for (FileEntry file : torrent.files()) {
            if (!file.padding() && torrent.version().hasV2()) {
                int from = (int) file.position();
                HashLayer leaves = Leaves.of(Arrays.copyOfRange(content, from, (int) file.end()));
                TreeShape shape = TreeShape.ofFile(file.lengthBytes());
                Sha256 root = leaves.root(shape.height());
                builder.root(file.path(), root);
                if (file.lengthBytes() > torrent.pieceLengthBytes()) {
                    builder.pieceLayer(root, leaves.parent()); // pieces are two blocks
                }
            }
        }

        byte[] file = builder.build();

        assertThat(ByteBuffer.wrap(file)).isEqualTo(bytes(vector, "torrent_bencoded"));
        assertThat(MetainfoReader.read(ByteBuffer.wrap(file)).infoBytes())
                .isEqualTo(bytes(vector, "info_bencoded"));
    }

    private static TorrentBuilder empty(JsonNode vector, Metainfo torrent) {
        int pieceLength = torrent.pieceLengthBytes();
        if (torrent.isSingleFile()) {
            return TorrentBuilder.ofFile("a.bin", torrent.lengthBytes(), pieceLength)
                    .version(torrent.version());
        }
        var builder = TorrentBuilder.ofFolder("dir", pieceLength).version(torrent.version());
        files(vector)
                .forEach(f ->
                        builder.file(List.of(f.get("name").asString()), f.get("size").asLong()));
        return builder;
    }

    /// All bytes by position, padding as zeros.
    static byte[] stream(Metainfo torrent, JsonNode vector) throws Exception {
        byte[] content = new byte[Math.toIntExact(torrent.spanBytes())];
        int seed = 1;
        for (FileEntry file : torrent.files()) {
            if (!file.padding()) {
                byte[] bytes = content(vector, seed++);
                System.arraycopy(bytes, 0, content, (int) file.position(), bytes.length);
            }
        }
        return content;
    }

    /// Nobody needs hybrids without a pad at the end but those who have them.
    static Stream<Object[]> thatWeMake() throws IOException {
        return torrents("v1", "v2", "hybrid");
    }

    static Stream<Object[]> v2AndHybrid() throws IOException {
        return torrents("v2", "hybrid", "hybrid-without-tail-pad");
    }

    static Stream<Object[]> all() throws IOException {
        return torrents("v1", "v2", "hybrid", "hybrid-without-tail-pad");
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

    static ByteBuffer bytes(JsonNode vector, String key) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(vector.get(key).asString()));
    }
}
