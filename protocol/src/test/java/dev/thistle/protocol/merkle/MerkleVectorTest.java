package dev.thistle.protocol.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.VectorContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Roots and piece layers of `vectors/metainfo-v2.json`, the same as libtorrent 2.0.8 makes.
class MerkleVectorTest {

    @ParameterizedTest(name = "{0} bytes, pieces of {1}")
    @MethodSource("filesAndPieceLengths")
    void a_file_has_the_root_and_piece_layer_of_the_vector(
            int size, int pieceLength, JsonNode expected) throws Exception {
        HashLayer leaves = Leaves.of(VectorContent.of(size & 0xFF, size));
        TreeShape shape = TreeShape.ofFile(size);
        MerkleTree tree = MerkleTree.over(leaves, shape.height());

        assertThat(tree.root()).hasToString(expected.get("pieces_root").asString());
        if (size > pieceLength) {
            HashLayer layer = tree.layer(TreeShape.pieceLevel(pieceLength));
            assertThat(layer.count()).isEqualTo(expected.get("piece_layer_hashes").asInt());
            assertThat(shape.count(layer.level())).isEqualTo(layer.count());
            assertThat(HexFormat.of().formatHex(sha256(layer.asBuffer())))
                    .isEqualTo(expected.get("piece_layer_sha256").asString());
            assertThat(PieceLayers.matches(layer, tree.root(), size)).isTrue();
            assertThat(PieceLayers.matches(layer, tree.root(), size + pieceLength)).isFalse();
            assertThat(PieceLayers.matches(layer, Sha256.ZERO, size)).isFalse();
        } else {
            assertThat(expected.get("piece_layer_hashes").asInt()).isZero();
        }
    }

    @Test
    void what_covers_no_data_has_the_hash_of_zeros_at_every_level() throws Exception {
        JsonNode zeros = vectors().get("zero_hash_per_level");

        for (int level = 0; level < zeros.size(); level++) {
            assertThat(HashLayer.zero(level)).hasToString(zeros.get(level).asString());
        }
    }

    static Stream<Object[]> filesAndPieceLengths() throws IOException {
        return vectors()
                .get("files")
                .valueStream()
                .filter(file -> file.get("size").asInt() > 0)
                .flatMap(file ->
                        file.get("by_piece_length")
                                .valueStream()
                                .map(cut ->
                                        new Object[] {
                                            file.get("size").asInt(),
                                            cut.get("piece_length").asInt(),
                                            cut
                                        }));
    }

    private static JsonNode vectors() throws IOException {
        try (var in = MerkleVectorTest.class.getResourceAsStream("/vectors/metainfo-v2.json")) {
            return JsonMapper.shared().readTree(in);
        }
    }

    private static byte[] sha256(ByteBuffer bytes) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(bytes);
        return digest.digest();
    }
}
