package dev.thistle.protocol.rc4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class Rc4Test {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] KEY = HEX.parseHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");

    @ParameterizedTest(name = "{0} at {1}")
    @MethodSource("keyStreams")
    void the_key_stream_is_the_published_one(String key, int offset, String expected) {
        var rc4 = new Rc4(HEX.parseHex(key));
        byte[] stream = new byte[expected.length() / 2];

        rc4.skip(offset);
        rc4.apply(stream, 0, stream.length);

        assertThat(HEX.formatHex(stream)).isEqualTo(expected);
    }

    static Stream<Arguments> keyStreams() throws IOException {
        return vectors()
                .get("keystreams")
                .valueStream()
                .flatMap(vector -> {
                    String key = vector.get("key").asString();
                    Stream<Arguments> anywhere =
                            vector.get("keystream_at").properties().stream()
                                    .map(at -> streamAt(key, at));
                    return Stream.concat(
                            anywhere,
                            Stream.of(dropped(vector, key, 768), dropped(vector, key, 1024)));
                });
    }

    private static Arguments streamAt(String key, Map.Entry<String, JsonNode> at) {
        return Arguments.of(key, Integer.parseInt(at.getKey()), at.getValue().asString());
    }

    private static Arguments dropped(JsonNode vector, String key, int bytes) {
        return Arguments.of(key, bytes, vector.get("drop" + bytes + "_first64").asString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encryptions")
    void a_text_becomes_the_published_cipher(String key, String plain, String cipher) {
        byte[] bytes = HEX.parseHex(plain);

        new Rc4(HEX.parseHex(key)).apply(bytes, 0, bytes.length);

        assertThat(HEX.formatHex(bytes)).isEqualTo(cipher);
    }

    static Stream<Arguments> encryptions() throws IOException {
        return vectors()
                .get("encrypt")
                .valueStream()
                .map(vector ->
                        Arguments.of(
                                vector.get("key").asString(),
                                vector.get("plain").asString(),
                                vector.get("cipher").asString()));
    }

    private static JsonNode vectors() throws IOException {
        try (InputStream json =
                Objects.requireNonNull(Rc4Test.class.getResourceAsStream("/vectors/rc4.json"))) {
            return JsonMapper.shared().readTree(json);
        }
    }

    /// Any key, any cut of the stream, any kind of buffer at any position: always what the JDK's
    /// cipher makes of it. Lengths go past the point where the fast loop and its pieces begin.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void however_the_stream_is_cut_and_held_it_equals_the_jdk(long seed) throws Exception {
        var random = new Random(seed);
        byte[] key = new byte[5 + random.nextInt(124)]; // the JDK takes 5 to 128 bytes
        random.nextBytes(key);
        byte[] plain = new byte[random.nextInt(20_000)];
        random.nextBytes(plain);
        Cipher jdk = Cipher.getInstance("ARCFOUR");
        jdk.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ARCFOUR"));
        byte[] expected = jdk.doFinal(plain);
        var ours = new Rc4(key);

        byte[] actual = new byte[plain.length];
        for (int done = 0; done < plain.length; ) {
            int most = random.nextBoolean() ? 100 : 6_000;
            int length = Math.min(1 + random.nextInt(most), plain.length - done);
            byte[] piece = Arrays.copyOfRange(plain, done, done + length);
            System.arraycopy(through(ours, piece, random), 0, actual, done, length);
            done += length;
        }

        assertThat(actual).isEqualTo(expected);
    }

    static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    private static byte[] through(Rc4 rc4, byte[] piece, Random random) {
        int before = random.nextInt(10);
        int after = random.nextInt(10);
        int capacity = before + piece.length + after;
        ByteBuffer region =
                random.nextBoolean()
                        ? ByteBuffer.allocateDirect(capacity)
                        : ByteBuffer.allocate(capacity + 3).slice(3, capacity);
        region.order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        region.put(before, piece).position(before).limit(before + piece.length);
        switch (random.nextInt(3)) {
            case 0 -> {
                rc4.apply(region);
                assertThat(region.position()).isEqualTo(before);
            }
            case 1 -> {
                byte[] array = new byte[capacity];
                System.arraycopy(piece, 0, array, before, piece.length);
                rc4.apply(array, before, piece.length);
                region.put(before, array, before, piece.length);
            }
            default -> {
                rc4.apply(ByteBuffer.wrap(piece).asReadOnlyBuffer(), region);
                assertThat(region.remaining()).isZero();
            }
        }
        assertThat(region.limit()).isEqualTo(before + piece.length);
        region.clear();
        for (int n = 0; n < before; n++) {
            assertThat(region.get(n)).as("byte before the region").isZero();
        }
        for (int n = before + piece.length; n < capacity; n++) {
            assertThat(region.get(n)).as("byte behind the region").isZero();
        }
        byte[] result = new byte[piece.length];
        region.get(before, result);
        return result;
    }

    @Test
    void a_source_may_overlap_its_target() {
        byte[] text = new byte[5_000];
        new Random(7).nextBytes(text);
        byte[] expected = text.clone();
        new Rc4(KEY).apply(expected, 0, expected.length);
        ByteBuffer shared = ByteBuffer.allocateDirect(text.length + 3).put(text);

        new Rc4(KEY).apply(shared.duplicate().flip(), shared.duplicate().clear().position(3));

        byte[] actual = new byte[text.length];
        shared.get(3, actual);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void skipping_equals_enciphering_and_forgetting() {
        var skipping = new Rc4(KEY);
        var enciphering = new Rc4(KEY);
        skipping.skip(1_021);
        enciphering.apply(new byte[1_021], 0, 1_021);

        assertThat(next(skipping)).isEqualTo(next(enciphering));
    }

    @Test
    void a_key_of_256_bytes_is_taken_and_an_empty_or_longer_one_refused() {
        assertThat(next(new Rc4(new byte[256]))).isNotEqualTo(new byte[16]);
        assertThatThrownBy(() -> new Rc4(new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("RC4 key of 0 bytes, allowed 1..256");
        assertThatThrownBy(() -> new Rc4(new byte[257]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("RC4 key of 257 bytes, allowed 1..256");
    }

    @Test
    void a_refused_call_uses_no_key_stream() {
        var rc4 = new Rc4(KEY);

        assertThatThrownBy(() -> rc4.apply(ByteBuffer.allocate(100).asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> rc4.apply(ByteBuffer.allocate(9), ByteBuffer.allocate(8)))
                .isInstanceOf(BufferOverflowException.class);
        assertThatThrownBy(() -> rc4.apply(new byte[8], 4, 5))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> rc4.skip(-1)).isInstanceOf(IllegalArgumentException.class);

        assertThat(next(rc4)).isEqualTo(next(new Rc4(KEY)));
    }

    private static byte[] next(Rc4 rc4) {
        byte[] stream = new byte[16];
        rc4.apply(stream, 0, stream.length);
        return stream;
    }
}
