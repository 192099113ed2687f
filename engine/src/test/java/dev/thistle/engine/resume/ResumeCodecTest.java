package dev.thistle.engine.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.storage.FileStamp;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.BencodeReader;
import dev.thistle.protocol.bencode.BencodeReader.Keys;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                random.nextLong(1L << 60),
                random.nextLong(1L << 60),
                random.nextBoolean() ? Optional.of(ByteString.utf8("d1:ai1ee")) : Optional.empty());
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
                        java.util.Map.of(),
                        0,
                        0,
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
