package dev.thistle.isp.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

    private static Prefix from(int origin, int capacity) {
        var prefix = new Prefix(capacity);
        prefix.begin(origin);
        return prefix;
    }

    private static void put(Prefix prefix, int sequence, String text) {
        prefix.put(sequence, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String text(Prefix prefix) {
        return StandardCharsets.US_ASCII.decode(prefix.view()).toString();
    }

    @Test
    void what_comes_early_waits_for_what_is_missing() {
        var prefix = from(10, 100);
        put(prefix, 13, "def");
        assertThat(text(prefix)).isEmpty();
        put(prefix, 18, "ij");
        put(prefix, 10, "abc");
        assertThat(text(prefix)).isEqualTo("abcdef");
        put(prefix, 16, "gh");
        assertThat(text(prefix)).isEqualTo("abcdefghij");
    }

    @Test
    void the_first_copy_of_a_byte_counts() {
        var prefix = from(0, 100);
        put(prefix, 0, "abc");
        put(prefix, 0, "XYZd");
        put(prefix, 6, "gh");
        put(prefix, 4, "efXXi");
        assertThat(text(prefix)).isEqualTo("abcdefghi");
    }

    @Test
    void what_lies_before_the_start_is_left_out() {
        var prefix = from(100, 50);
        put(prefix, 90, "0123456789ab");
        assertThat(text(prefix)).isEqualTo("ab");
        put(prefix, 80, "01234");
        assertThat(text(prefix)).isEqualTo("ab");
    }

    @Test
    void it_ends_at_its_capacity() {
        var prefix = from(0, 5);
        put(prefix, 3, "defgh");
        put(prefix, 5, "fgh");
        put(prefix, 0, "abc");
        put(prefix, 5, "fgh");
        assertThat(text(prefix)).isEqualTo("abcde");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, Integer.MIN_VALUE + 2, Integer.MAX_VALUE, -1, 1 << 30})
    void numbers_from_anywhere_do_no_harm(int distance) {
        var prefix = from(7, 100);
        put(prefix, 7, "abcd");
        put(prefix, 7 + distance, "xyz");
        assertThat(text(prefix)).isEqualTo("abcd");
    }

    static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    /// Segments cut anyhow, doubled, and in any order, around the place where numbers wrap.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_prefix_does_not_depend_on_how_segments_arrive(long seed) {
        var random = new Random(seed);
        byte[] stream = new byte[1 + random.nextInt(300)];
        random.nextBytes(stream);
        int origin = random.nextBoolean() ? random.nextInt() : -random.nextInt(300);
        int capacity = 1 + random.nextInt(400);
        List<int[]> segments = new ArrayList<>();
        for (int at = 0; at < stream.length; ) {
            int end = Math.min(stream.length, at + 1 + random.nextInt(40));
            segments.add(new int[] {at, end});
            at = end;
        }
        for (int extra = random.nextInt(20); extra > 0; extra--) {
            int at = random.nextInt(stream.length);
            segments.add(new int[] {at, at + random.nextInt(stream.length - at + 1)});
        }
        Collections.shuffle(segments, random);

        var prefix = from(origin, capacity);
        for (int[] segment : segments) {
            int before = prefix.length();
            ByteBuffer data = ByteBuffer.wrap(stream, segment[0], segment[1] - segment[0]);
            prefix.put(origin + segment[0], data.slice());
            assertThat(prefix.length()).isGreaterThanOrEqualTo(before);
        }

        byte[] got = new byte[prefix.length()];
        prefix.view().get(got);
        assertThat(got).isEqualTo(Arrays.copyOf(stream, Math.min(capacity, stream.length)));
    }
}
