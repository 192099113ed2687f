package dev.thistle.protocol.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.VectorContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LayerRangeTest {

    private static final int HASHES = 22;
    private static final int PREFIX_AND_ID = 5;

    /// A `hashes` message of `peer-wire-captures.json`, and the file it is about.
    record Captured(
            String session, Sha256 root, LayerRange range, ByteBuffer hashes, int fileBytes) {
        @Override
        public String toString() {
            return session + " " + range;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("captured")
    void what_libtorrent_sent_leads_to_the_root(Captured captured) {
        TreeShape shape = TreeShape.ofFile(captured.fileBytes());

        assertThat(captured.range().fits(shape)).isTrue();
        assertThat(captured.hashes().remaining())
                .isEqualTo(captured.range().hashCount() * Sha256.BYTES);
        assertThat(captured.range().topLevel()).isEqualTo(shape.height());
        assertThat(captured.range().top(captured.hashes())).isEqualTo(captured.root());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("captured")
    void we_would_have_sent_the_same(Captured captured) throws Exception {
        byte[] content = VectorContent.of(9, captured.fileBytes());
        TreeShape shape = TreeShape.ofFile(content.length);
        MerkleTree tree = MerkleTree.over(Leaves.of(content), shape.height());

        assertThat(captured.range().answer(tree, 0, tree)).isEqualTo(captured.hashes());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("captured")
    void one_wrong_bit_anywhere_leads_elsewhere(Captured captured) {
        for (int bit = 0; bit < captured.hashes().remaining() * 8; bit += 61) {
            byte[] changed = new byte[captured.hashes().remaining()];
            captured.hashes().get(captured.hashes().position(), changed);
            changed[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(captured.range().top(ByteBuffer.wrap(changed)))
                    .isNotEqualTo(captured.root());
        }
    }

    /// Whatever is asked of whatever tree, also when blocks are known of one piece alone.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_answer_leads_to_the_node_it_names(long seed) {
        var random = new Random(seed);
        var shape = new TreeShape(1 + random.nextInt(2, 300));
        byte[] bytes = new byte[(int) shape.blocks() * Sha256.BYTES];
        random.nextBytes(bytes);
        MerkleTree whole = MerkleTree.over(HashLayer.of(0, ByteBuffer.wrap(bytes)), shape.height());
        int pieceLevel = random.nextInt(shape.height() + 1);
        MerkleTree upper = MerkleTree.over(whole.layer(pieceLevel), shape.height());

        for (LayerRange range : ranges(shape)) {
            int perPiece = 1 << pieceLevel;
            long covered = (long) Math.max(range.length() << range.level(), perPiece);
            int first = (int) (((long) range.index() << range.level()) / covered * covered);
            int count = (int) Math.min(covered, shape.blocks() - first);
            HashLayer leaves =
                    HashLayer.of(
                            0, ByteBuffer.wrap(bytes, first * Sha256.BYTES, count * Sha256.BYTES));
            MerkleTree lower = MerkleTree.over(leaves, Math.max(pieceLevel, range.topLevel()));

            ByteBuffer answer = range.answer(lower, first, upper);

            assertThat(answer)
                    .as("%s of %s", range, shape)
                    .isEqualTo(range.answer(whole, 0, whole));
            assertThat(range.top(answer))
                    .as("%s of %s", range, shape)
                    .isEqualTo(whole.layer(range.topLevel()).hash(range.topIndex()));
        }
    }

    private static List<LayerRange> ranges(TreeShape shape) {
        List<LayerRange> ranges = new ArrayList<>();
        for (int level = 0; level < shape.height(); level++) {
            for (int length = 2; length <= shape.width(level) && length <= 512; length *= 2) {
                for (int index = 0; index < shape.count(level); index += length) {
                    for (int proof : new int[] {0, 1, shape.height() - level - 1}) {
                        var range = new LayerRange(level, index, length, proof);
                        if (range.fits(shape)) {
                            ranges.add(range);
                        }
                    }
                }
            }
        }
        assertThat(ranges).isNotEmpty();
        return ranges;
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    /// Of a file of 550 blocks: 11 levels, 1024 leaves.
    @ParameterizedTest
    @CsvSource({
        "0, 0, 512, 9, true",
        "0, 512, 64, 9, true",
        "0, 512, 512, 10, false",
        "10, 0, 2, 0, false",
        "9, 0, 2, 0, true",
        "0, 0, 1, 9, false",
        "0, 0, 3, 9, false",
        "0, 1, 2, 9, false",
        "0, 552, 2, 9, false",
        "0, 0, 1024, 9, false",
        "0, 0, 2048, 9, false",
        "0, 0, 16384, 9, false",
        "0, -2, 2, 9, false",
        "0, 0, -2, 9, false",
        "-1, 0, 2, 9, false",
        "11, 0, 2, 0, false",
        "0, 0, 2, 11, false",
        "0, 0, 2, -1, false",
        "0, 0, -2147483648, 9, false",
    })
    void asks_for_nothing_that_is_not_there(
            int level, int index, int length, int proof, boolean fits) {
        assertThat(new LayerRange(level, index, length, proof).fits(new TreeShape(550)))
                .isEqualTo(fits);
    }

    @Test
    void the_smallest_tree_has_nothing_to_ask_for() {
        assertThat(new LayerRange(0, 0, 2, 0).fits(new TreeShape(1))).isFalse();
    }

    static Stream<Captured> captured() throws IOException {
        try (var in =
                LayerRangeTest.class.getResourceAsStream("/vectors/peer-wire-captures.json")) {
            JsonNode file = JsonMapper.shared().readTree(in);
            List<Captured> found = new ArrayList<>();
            file.get("sessions")
                    .valueStream()
                    .forEach(session -> collect(session.get("form").asString(), session, found));
            JsonNode large = file.get("hash_messages_550_leaves");
            collect("550 leaves", large, found);
            assertThat(found).hasSizeGreaterThan(3);
            return found.stream();
        }
    }

    private static void collect(String name, JsonNode session, List<Captured> into) {
        JsonNode content = session.get("content");
        int size = content.get("size").asInt();
        session.get("messages")
                .valueStream()
                .filter(message -> message.get(1).isInt() && message.get(1).asInt() == HASHES)
                .map(message -> ByteBuffer.wrap(HexFormat.of().parseHex(message.get(2).asString())))
                .map(frame -> frame.position(PREFIX_AND_ID))
                .forEach(in -> {
                    Sha256 root = Sha256.read(in);
                    var range = new LayerRange(in.getInt(), in.getInt(), in.getInt(), in.getInt());
                    into.add(new Captured(name, root, range, in.slice(), size));
                });
    }
}
