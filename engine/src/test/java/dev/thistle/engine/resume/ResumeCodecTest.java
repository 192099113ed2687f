package dev.thistle.engine.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.resume.ResumeData.Described;
import dev.thistle.engine.resume.ResumeData.Totals;
import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.storage.FileStamp;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeCodecTest {

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    private static ResumeData any(long seed) {
        var random = new Random(seed);
        byte[] hash = new byte[20];
        random.nextBytes(hash);
        var files = new ArrayList<FileStamp>();
        for (int i = random.nextInt(4); i > 0; i--) {
            files.add(
                    random.nextBoolean()
                            ? FileStamp.ABSENT
                            : new FileStamp(random.nextLong(1L << 50), random.nextLong(1L << 45)));
        }
        var unfinished = new HashMap<Integer, BitSet>();
        for (int i = random.nextInt(3); i > 0; i--) {
            unfinished.put(random.nextInt(1_000_000), bits(random, 1 + random.nextInt(64)));
        }
        return new ResumeData(
                InfoHash.of(hash),
                random.nextLong(1L << 45),
                random.nextBoolean(),
                "boot-" + seed,
                files,
                bits(random, random.nextInt(200)),
                unfinished,
                new Totals(
                        random.nextLong(1L << 60),
                        random.nextLong(1L << 60),
                        Duration.ofMillis(random.nextLong(1L << 40))),
                described(random),
                random.nextBoolean() ? Optional.of(wanted(random)) : Optional.empty());
    }

    private static Described described(Random random) {
        var layers = new HashMap<Sha256, ByteString>();
        for (int i = random.nextInt(3); i > 0; i--) {
            byte[] root = new byte[Sha256.BYTES];
            random.nextBytes(root);
            layers.put(Sha256.of(root), ByteString.of(new byte[random.nextInt(5) * Sha256.BYTES]));
        }
        return new Described(
                random.nextBoolean() ? Optional.of(ByteString.utf8("d1:ai1ee")) : Optional.empty(),
                layers);
    }

    private static Selection wanted(Random random) {
        var wanted = new Selection(priority(random), Map.of(), Map.of(), random.nextBoolean());
        for (int i = random.nextInt(3); i > 0; i--) {
            wanted = wanted.withFile(random.nextInt(100), priority(random));
            wanted = wanted.withPiece(random.nextInt(1_000_000), priority(random));
        }
        return wanted;
    }

    private static Priority priority(Random random) {
        return new Priority(random.nextInt(Priority.MAX_LEVEL + 1));
    }

    private static BitSet bits(Random random, int count) {
        var bits = new BitSet();
        for (int i = 0; i < count; i++) {
            bits.set(i, random.nextBoolean());
        }
        return bits;
    }

    private static ResumeData decode(byte[] file) throws MalformedException {
        return ResumeCodec.decode(ByteBuffer.wrap(file));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_was_written_is_read(long seed) throws Exception {
        assertThat(decode(ResumeCodec.encode(any(seed)))).isEqualTo(any(seed));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void no_flipped_bit_and_no_missing_end_goes_unnoticed(long seed) {
        byte[] file = ResumeCodec.encode(any(seed));
        for (int bit = 0; bit < 8 * file.length; bit++) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> decode(flipped)).isInstanceOf(MalformedException.class);
        }
        for (int length = 0; length < file.length; length++) {
            byte[] cut = new byte[length];
            System.arraycopy(file, 0, cut, 0, length);
            assertThatThrownBy(() -> decode(cut)).isInstanceOf(MalformedException.class);
        }
    }

    /// The bits of `pieces` and `blocks` stand as in a bitfield of BEP 3.
    @Test
    void the_first_piece_is_the_highest_bit() throws Exception {
        var verified = new BitSet();
        verified.set(0);
        verified.set(9);
        ResumeData base = any(0);
        var data =
                new ResumeData(
                        base.infoHash(),
                        0,
                        true,
                        "",
                        List.of(),
                        verified,
                        Map.of(),
                        Totals.NONE,
                        Described.NOT,
                        Optional.empty());
        var outer =
                (Dict)
                        BencodeReader.readAll(
                                ByteBuffer.wrap(ResumeCodec.encode(data)), Keys.CANONICAL);
        var state =
                (Dict)
                        BencodeReader.readAll(
                                outer.bytes("state").orElseThrow().asBuffer(), Keys.CANONICAL);
        assertThat(state.bytes("pieces").orElseThrow().bytes())
                .containsExactly(0b1000_0000, 0b0100_0000);
    }

    /// A file in whose state one key has another value, or is left out, under the right checksum.
    private static byte[] altered(ResumeData data, String key, Optional<String> value)
            throws Exception {
        Dict outer = dict(ByteBuffer.wrap(ResumeCodec.encode(data)));
        var state = new TreeMap<>(dict(outer.bytes("state").orElseThrow().asBuffer()).entries());
        state.remove(ByteString.utf8(key));
        if (value.isPresent()) {
            ByteBuffer bytes = ByteString.utf8(value.get()).asBuffer();
            state.put(ByteString.utf8(key), BencodeReader.readAll(bytes, Keys.CANONICAL));
        }
        byte[] bytes = BencodeWriter.write(Dict.of(state));
        return BencodeWriter.write(
                Dict.builder()
                        .put("checksum", MessageDigest.getInstance("SHA-1").digest(bytes))
                        .put("format", "thistle-resume")
                        .put("state", bytes)
                        .put("version", 1)
                        .build());
    }

    private static Dict dict(ByteBuffer bytes) throws MalformedException {
        return (Dict) BencodeReader.readAll(bytes, Keys.CANONICAL);
    }

    @Test
    void what_older_builds_did_not_save_is_nothing() throws Exception {
        assertThat(decode(altered(any(3), "seeding", Optional.empty())).totals().seeding())
                .isZero();
        assertThat(decode(altered(any(3), "wanted", Optional.empty())).wanted()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "wanted,  d5:usuali8ee,         'level 8, allowed 0..7'",
        "wanted,  d5:filesllei0eee,     'allowed pairs'",
        "wanted,  d5:fileslli-1ei0eeee, 'allowed pairs'",
        "wanted,  d5:filesli7eee,       'allowed pairs'",
        "wanted,  d5:filesll1:xi1eeee,  'allowed pairs'",
        "wanted,  d6:piecesll1:ai9eeee, 'allowed pairs'",
        "wanted,  d6:pieceslli1ei9eeee, 'level 9, allowed 0..7'",
        "wanted,  d6:pieceslli4294967296ei1eeee, 'allowed pairs'",
        "wanted,  i1e,                  'wanted'",
        "layers,  d3:abc0:e,            'allowed roots and hashes'",
        "layers,  le,                   'layers'",
        "seeding, i-1e,                 '-1, allowed 0..2^60'",
        "seeding, i9223372036854775807e, '9223372036854775807, allowed 0..2^60'",
    })
    void what_is_no_selection_no_layer_and_no_time_is_refused(
            String key, String value, String message) {
        assertThatThrownBy(() -> decode(altered(any(3), key, Optional.of(value))))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_newer_version_is_named() {
        byte[] newer =
                BencodeWriter.write(
                        Dict.builder().put("format", "thistle-resume").put("version", 2).build());
        assertThatThrownBy(() -> decode(newer)).hasMessageContaining("resume.version: 2, known 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "de", "i1e", "d6:format3:abce", "le", "not a resume file"})
    void foreign_files_are_refused(String text) {
        assertThatThrownBy(() -> decode(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedException.class);
    }
}
