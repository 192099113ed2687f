package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.merkle.PieceLayers;
import dev.thistle.protocol.merkle.TreeShape;
import dev.thistle.protocol.metainfo.PieceDigest.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Pieces of the torrents of `vectors/metainfo-v2.json`.
class PieceDigestTest {

    static Stream<Object[]> all() throws IOException {
        return MetainfoVectorTest.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void right_data_is_right_and_one_wrong_bit_wrong(String name, JsonNode vector)
            throws Exception {
        Metainfo torrent = torrent(vector);
        byte[] content = MetainfoVectorTest.stream(torrent, vector);
        var random = new Random(1);
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
            assertThat(verdict(torrent, piece, content, torrent.pieceLayers()))
                    .isEqualTo(Verdict.RIGHT);
            int at =
                    piece * torrent.pieceLengthBytes()
                            + random.nextInt(torrent.pieceLengthBytes(piece));
            content[at] ^= 4;
            assertThat(verdict(torrent, piece, content, torrent.pieceLayers()))
                    .isEqualTo(Verdict.WRONG);
            content[at] ^= 4;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void without_layers_small_files_and_hybrids_are_judged_all_the_same(
            String name, JsonNode vector) throws Exception {
        Metainfo torrent = torrent(vector);
        byte[] content = MetainfoVectorTest.stream(torrent, vector);
        for (int piece = 0; piece < torrent.pieceCount(); piece++) {
            boolean isSmall = torrent.fileAt(piece).lengthBytes() <= torrent.pieceLengthBytes();
            assertThat(verdict(torrent, piece, content, PieceLayers.NONE))
                    .isEqualTo(
                            torrent.version() != MetaVersion.V2 || isSmall
                                    ? Verdict.RIGHT
                                    : Verdict.UNKNOWN);
            content[piece * torrent.pieceLengthBytes()] ^= 4;
            assertThat(verdict(torrent, piece, content, PieceLayers.NONE))
                    .isNotEqualTo(Verdict.RIGHT);
        }
    }

    /// Somebody made a hybrid whose halves describe different data.
    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void data_that_fits_one_half_of_a_hybrid_is_a_contradiction(String name, JsonNode vector)
            throws Exception {
        Metainfo torrent = torrent(vector);
        byte[] content = MetainfoVectorTest.stream(torrent, vector);
        Metainfo broken = withFirstPieceHash(vector, torrent, new byte[20]);

        Verdict verdict = verdict(broken, 0, content, broken.pieceLayers());

        assertThat(verdict)
                .isEqualTo(
                        switch (torrent.version()) {
                            case V1 -> Verdict.WRONG;
                            case V2 -> Verdict.RIGHT;
                            case HYBRID -> Verdict.CONTRADICTORY;
                        });
        content[0] ^= 1;
        byte[] other = MessageDigest.getInstance("SHA-1").digest(piece(torrent, content));
        Metainfo otherData = withFirstPieceHash(vector, torrent, other);
        assertThat(verdict(otherData, 0, content, broken.pieceLayers()))
                .isEqualTo(
                        switch (torrent.version()) {
                            case V1 -> Verdict.RIGHT;
                            case V2 -> Verdict.WRONG;
                            case HYBRID -> Verdict.CONTRADICTORY;
                        });
    }

    private static byte[] piece(Metainfo torrent, byte[] content) {
        return Arrays.copyOf(content, torrent.pieceSpanBytes(0));
    }

    private static Metainfo withFirstPieceHash(JsonNode vector, Metainfo torrent, byte[] sha1)
            throws Exception {
        byte[] file = MetainfoVectorTest.bytes(vector, "torrent_bencoded").array().clone();
        if (torrent.version().hasV1()) {
            String text = new String(file, StandardCharsets.ISO_8859_1);
            int from = text.indexOf("6:pieces") + "6:pieces".length();
            int hashes = text.indexOf(':', from) + 1;
            System.arraycopy(sha1, 0, file, hashes, sha1.length);
        }
        return MetainfoReader.read(ByteBuffer.wrap(file));
    }

    @Test
    void leaves_tell_which_block_is_wrong() throws Exception {
        JsonNode vector = (JsonNode) all().toList().get(1)[1];
        Metainfo torrent = torrent(vector);
        byte[] content = MetainfoVectorTest.stream(torrent, vector);
        var right = new PieceDigest(torrent, 0);
        var wrong = new PieceDigest(torrent, 0);
        feed(right, torrent, 0, content);
        content[20_000] ^= 1;
        feed(wrong, torrent, 0, content);

        assertThat(wrong.blocks().hash(0)).isEqualTo(right.blocks().hash(0));
        assertThat(wrong.blocks().hash(1)).isNotEqualTo(right.blocks().hash(1));
        assertThat(wrong.blocks().hash(2)).isEqualTo(Sha256.ZERO);
    }

    @Test
    void v1_has_no_blocks() throws Exception {
        Metainfo torrent = torrent((JsonNode) all().toList().get(0)[1]);

        assertThat(torrent.version()).isEqualTo(MetaVersion.V1);
        assertThatThrownBy(() -> new PieceDigest(torrent, 0).blocks())
                .isInstanceOf(IllegalStateException.class);
    }

    private static Metainfo torrent(JsonNode vector) throws Exception {
        return MetainfoReader.read(MetainfoVectorTest.bytes(vector, "torrent_bencoded"));
    }

    /// Once in order and once, where order does not matter, block by block in any order.
    private static Verdict verdict(
            Metainfo torrent, int piece, byte[] content, PieceLayers layers) {
        var digest = new PieceDigest(torrent, piece);
        feed(digest, torrent, piece, content);
        Verdict verdict = digest.verdict(layers);
        var shuffled = new PieceDigest(torrent, piece);
        if (!shuffled.needsOrder()) {
            List<Integer> begins = new ArrayList<>();
            for (int b = 0; b < torrent.pieceLengthBytes(piece); b += TreeShape.BLOCK_BYTES) {
                begins.add(b);
            }
            Collections.shuffle(begins, new Random(piece));
            for (int begin : begins) {
                int length =
                        Math.min(TreeShape.BLOCK_BYTES, torrent.pieceLengthBytes(piece) - begin);
                int from = piece * torrent.pieceLengthBytes() + begin;
                shuffled.block(begin, ByteBuffer.wrap(content, from, length));
            }
            assertThat(shuffled.verdict(layers)).isEqualTo(verdict);
        }
        return verdict;
    }

    private static void feed(PieceDigest digest, Metainfo torrent, int piece, byte[] content) {
        int from = piece * torrent.pieceLengthBytes();
        digest.blocksInOrder(0, ByteBuffer.wrap(content, from, torrent.pieceLengthBytes(piece)));
    }
}
