package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.tracker.Vectors.HELLO;
import static dev.thistle.protocol.tracker.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.bencode.BencodeValue.Dict;
import dev.thistle.protocol.bencode.BencodeWriter;
import dev.thistle.protocol.bencode.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HiddenPeerListsTest {

    private static final ByteString IV = ByteString.of(hex("00112233"));

    static Stream<JsonNode> responses() {
        return Vectors.stream(Vectors.read("bep8.json").get("responses"));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void a_client_decodes_every_vector(JsonNode vector) throws Exception {
        var answer = read(hex(vector.get("response_bencoded").asString()), Reach.INTERNET);

        assertThat(answer.peers()).as(name(vector)).isEqualTo(plain(vector));
        assertThat(answer.obfuscated()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("responses")
    void a_tracker_encodes_every_vector(JsonNode vector) {
        AddressCipher cipher =
                vector.get("iv").isNull()
                        ? AddressCipher.withoutIv(HELLO)
                        : AddressCipher.withIv(
                                HELLO, ByteString.of(hex(vector.get("iv").asString())));
        long n = vector.get("n_plain").asLong();
        long i = vector.get("i_plain").asLong();
        for (String key : List.of("peers", "peers6")) {
            if (vector.has(key + "_returned_plain")) {
                int entry = key.equals("peers") ? 6 : 18;
                byte[] list = hex(vector.get(key + "_returned_plain").asString());
                if (n == 0) {
                    cipher.apply(list, 0, list.length, 0);
                } else {
                    cipher.applyWrapped(list, i % n * entry, n * entry);
                }
                assertThat(list)
                        .as(name(vector))
                        .isEqualTo(hex(vector.get(key + "_returned").asString()));
            }
        }
        if (n != 0) {
            var window = ObfuscatedPeers.Window.of((int) i, (int) n, cipher);
            assertThat(Integer.toUnsignedLong(window.iWire()))
                    .isEqualTo(vector.get("i_wire").asLong());
            assertThat(Integer.toUnsignedLong(window.nWire()))
                    .isEqualTo(vector.get("n_wire").asLong());
        }
    }

    @ParameterizedTest
    @MethodSource("responses")
    void negative_numbers_are_the_same_32_bits(JsonNode vector) throws Exception {
        if (vector.has("i_wire")) {
            var body = new Body(vector.get("iv").isNull() ? null : vector.get("iv").asString());
            int i = (int) vector.get("i_wire").asLong();
            int n = (int) vector.get("n_wire").asLong();
            body.dict.put("i", i).put("n", n);
            for (String key : List.of("peers", "peers6")) {
                if (vector.has(key + "_returned")) {
                    body.dict.put(key, hex(vector.get(key + "_returned").asString()));
                }
            }
            assertThat(read(body.bytes(), Reach.INTERNET).peers()).isEqualTo(plain(vector));
        }
    }

    @Test
    void i_without_n_and_n_without_i_are_refused() {
        for (String only : List.of("i", "n")) {
            var body = new Body(null);
            body.dict.put(only, 5).put("peers", new byte[6]);
            assertThatThrownBy(() -> read(body.bytes(), Reach.INTERNET))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("required beside the other one of i and n");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100_001, 0xFFFF_FFFFL})
    void an_n_of_0_or_2_to_the_32_less_1_or_over_the_limit_is_refused(long n) {
        var cipher = AddressCipher.withIv(HELLO, IV);
        var body = new Body("00112233");
        body.dict.put("i", Integer.toUnsignedLong(cipher.indexMask()));
        body.dict.put("n", Integer.toUnsignedLong((int) n ^ cipher.lengthMask()));
        body.dict.put("peers", new byte[6]);

        assertThatThrownBy(() -> read(body.bytes(), Reach.INTERNET))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(
                        "answer.n: %d after decoding, allowed 1..100000".formatted(n));
    }

    @Test
    void numbers_beyond_32_bits_are_refused() {
        for (long value : new long[] {1L << 32, -(1L << 31) - 1}) {
            var body = new Body(null);
            body.dict.put("i", value).put("n", 5).put("peers", new byte[6]);
            assertThatThrownBy(() -> read(body.bytes(), Reach.INTERNET))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("answer.i: no number of 32 bits");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 40, 0xFFFF_FFFFL})
    void an_i_at_or_above_the_length_of_the_list_is_reduced(long i) throws Exception {
        List<PeerAddress> peers = v4(3, 1);
        var body = hidden(peers, List.of(), i, 7, IV, 6);

        assertThat(read(body.bytes(), Reach.INTERNET).peers()).isEqualTo(peers);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 1000})
    void an_iv_of_1_or_64_or_1000_bytes_is_hashed_whole(int length) throws Exception {
        byte[] iv = new byte[length];
        new Random(length).nextBytes(iv);
        List<PeerAddress> peers = v4(20, 2);
        var body = hidden(peers, List.of(), 3, 500, ByteString.of(iv), 6);

        assertThat(read(body.bytes(), Reach.INTERNET).peers()).isEqualTo(peers);
    }

    @Test
    void an_iv_of_0_bytes_means_the_key_without_iv() throws Exception {
        List<PeerAddress> peers = v4(20, 3);
        byte[] bytes = compact(peers, 6);
        AddressCipher.withoutIv(HELLO).apply(bytes, 0, bytes.length, 0);
        var body = new Body("");
        body.dict.put("peers", bytes);

        assertThat(read(body.bytes(), Reach.INTERNET).peers()).isEqualTo(peers);
    }

    @Test
    void an_iv_of_0_bytes_that_was_hashed_all_the_same_is_found_out() throws Exception {
        List<PeerAddress> peers = v6(20, 4);
        for (long n : new long[] {0, 360}) {
            var body = hidden(List.of(), peers, 5, n, ByteString.of(new byte[0]), 18);
            assertThat(read(body.bytes(), Reach.INTERNET).peers()).isEqualTo(peers);
        }
    }

    @Test
    void peers_of_a_length_that_is_no_multiple_of_6_count_as_far_as_they_are_whole()
            throws Exception {
        List<PeerAddress> peers = v4(10, 5);
        byte[] bytes = Arrays.copyOf(compact(peers, 6), 65);
        AddressCipher.withIv(HELLO, IV).apply(bytes, 0, bytes.length, 0);
        var body = new Body("00112233");
        body.dict.put("peers", bytes);

        assertThat(read(body.bytes(), Reach.INTERNET).peers()).isEqualTo(peers);
    }

    @Test
    void peers6_of_18_bytes_and_a_list_of_one_are_decoded() throws Exception {
        for (int n : new int[] {0, 1, 18}) {
            List<PeerAddress> one = v6(1, 6);
            assertThat(read(hidden(List.of(), one, 0, n, IV, 18).bytes(), Reach.INTERNET).peers())
                    .isEqualTo(one);
            List<PeerAddress> four = v4(1, 6);
            assertThat(read(hidden(four, List.of(), 0, n, IV, 6).bytes(), Reach.INTERNET).peers())
                    .isEqualTo(four);
        }
    }

    @Test
    void with_n_of_1_every_entry_has_the_same_key_bytes() throws Exception {
        List<PeerAddress> peers = v4(9, 7);
        byte[] list = compact(peers, 6);
        AddressCipher.withIv(HELLO, IV).applyWrapped(list, 0, 6);
        var cipher = AddressCipher.withIv(HELLO, IV);
        for (int k = 0; k < list.length; k++) {
            assertThat(list[k] ^ compact(peers, 6)[k]).isEqualTo(cipher.at(k % 6));
        }

        assertThat(read(hidden(peers, List.of(), 4, 1, IV, 6).bytes(), Reach.INTERNET).peers())
                .isEqualTo(peers);
    }

    @Test
    void a_tracker_that_counts_n_in_bytes_is_understood() throws Exception {
        List<PeerAddress> peers = v6(20, 8);
        byte[] bytes = compact(peers, 18);
        var cipher = AddressCipher.withIv(HELLO, IV);
        cipher.applyWrapped(bytes, (3 * 18) % 100, 100);
        var body = new Body("00112233");
        body.dict.put("i", Integer.toUnsignedLong(3 ^ cipher.indexMask()));
        body.dict.put("n", Integer.toUnsignedLong(100 ^ cipher.lengthMask()));
        body.dict.put("peers6", bytes).put("peers", "");

        assertThat(read(body.bytes(), Reach.INTERNET).peers()).isEqualTo(peers);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 200})
    void peers_that_were_not_hidden_at_all_are_noticed(int count) throws Exception {
        var body = new Body(null);
        List<PeerAddress> peers = v6(count, 9);
        body.dict.put("peers6", compact(peers, 18)).put("peers", "");

        var answer = read(body.bytes(), Reach.INTERNET);

        assertThat(answer.peers()).isEqualTo(peers);
        assertThat(answer.obfuscated()).isFalse();
    }

    @Test
    void a_long_list_of_plain_ipv4_peers_is_noticed_too() throws Exception {
        var body = new Body(null);
        List<PeerAddress> peers = v4(60, 10);
        body.dict.put("peers", compact(peers, 6));

        var answer = read(body.bytes(), Reach.INTERNET);

        assertThat(answer.peers()).isEqualTo(peers);
        assertThat(answer.obfuscated()).isFalse();
    }

    @Test
    void one_odd_peer_in_an_honest_short_list_changes_nothing() throws Exception {
        List<PeerAddress> peers = new ArrayList<>(v4(5, 11));
        peers.add(PeerAddress.of(new byte[] {(byte) 239, 1, 1, 1}, 5));

        var answer = read(hidden(peers, List.of(), 0, 0, IV, 6).bytes(), Reach.INTERNET);

        assertThat(answer.obfuscated()).isTrue();
        assertThat(answer.peers()).isEqualTo(peers.subList(0, 5));
    }

    @Test
    void loopback_is_absurd_on_the_internet_and_welcome_in_the_laboratory() throws Exception {
        var peers = new ArrayList<PeerAddress>();
        for (int port = 1; port <= 10; port++) {
            peers.add(PeerAddress.of(new byte[] {127, 0, 0, 1}, port));
        }
        byte[] body = hidden(peers, List.of(), 0, 0, IV, 6).bytes();

        assertThat(read(body, Reach.LAB).peers()).isEqualTo(peers);
        assertThat(read(body, Reach.LAB).obfuscated()).isTrue();
        assertThat(read(body, Reach.INTERNET).peers()).isNotEqualTo(peers);
    }

    @Test
    void the_list_form_is_ignored() throws Exception {
        byte[] body = "d5:peersld2:ip8:10.0.0.14:porti6881eeee".getBytes(StandardCharsets.US_ASCII);

        var answer = read(body, Reach.INTERNET);

        assertThat(answer.peers()).isEmpty();
        assertThat(answer.obfuscated()).isFalse();
    }

    private static final class Body {
        final Dict.Builder dict = Dict.builder();

        Body(@Nullable String iv) {
            if (iv != null) {
                dict.put("iv", hex(iv));
            }
        }

        byte[] bytes() {
            return BencodeWriter.write(dict.build());
        }
    }

    /// An answer as the specification means it; without i and n if `n` is 0.
    private static Body hidden(
            List<PeerAddress> v4, List<PeerAddress> v6, long i, long n, ByteString iv, int entry) {
        var cipher = AddressCipher.withIv(HELLO, iv);
        var body = new Body(HexFormat.of().formatHex(iv.bytes()));
        for (int length : new int[] {6, 18}) {
            byte[] bytes = compact(length == 6 ? v4 : v6, length);
            if (n == 0) {
                cipher.apply(bytes, 0, bytes.length, 0);
            } else if (length == entry) {
                cipher.applyWrapped(bytes, i % n * length, n * length);
            }
            body.dict.put(length == 6 ? "peers" : "peers6", bytes);
        }
        if (n != 0) {
            body.dict.put("i", Integer.toUnsignedLong((int) i ^ cipher.indexMask()));
            body.dict.put("n", Integer.toUnsignedLong((int) n ^ cipher.lengthMask()));
        }
        return body;
    }

    private static byte[] compact(List<PeerAddress> peers, int entryBytes) {
        var out = ByteBuffer.allocate(peers.size() * entryBytes);
        peers.forEach(peer -> peer.writeTo(out));
        return out.array();
    }

    private static List<PeerAddress> v4(int count, long seed) {
        return peers(count, 4, seed);
    }

    private static List<PeerAddress> v6(int count, long seed) {
        return peers(count, 16, seed);
    }

    private static List<PeerAddress> peers(int count, int ipBytes, long seed) {
        var random = new Random(seed);
        var peers = new ArrayList<PeerAddress>();
        for (int k = 0; k < count; k++) {
            byte[] ip = new byte[ipBytes];
            random.nextBytes(ip);
            ip[0] = 0x25;
            peers.add(PeerAddress.of(ip, 1 + random.nextInt(65_535)));
        }
        return peers;
    }

    private static List<PeerAddress> plain(JsonNode vector) {
        var peers = new ArrayList<PeerAddress>();
        for (String key : List.of("peers", "peers6")) {
            if (vector.has(key + "_returned_plain")) {
                peers.addAll(
                        AnnounceAnswerReader.entries(
                                hex(vector.get(key + "_returned_plain").asString()),
                                key.equals("peers") ? 6 : 18));
            }
        }
        return peers;
    }

    private static String name(JsonNode vector) {
        return vector.get("name").asString();
    }

    private static AnnounceAnswer.Accepted read(byte[] body, Reach reach)
            throws MalformedException {
        return (AnnounceAnswer.Accepted)
                AnnounceAnswerReader.read(
                        ByteBuffer.wrap(body), Vectors.request(), AnnounceForm.OBFUSCATED, reach);
    }
}
