package dev.thistle.protocol.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.bencode.ByteString;
import dev.thistle.protocol.peer.ExtendedHandshake.Whereabouts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtendedHandshakeTest {

    private static ExtendedHandshake read(String bencoded) throws MalformedException {
        return ExtendedHandshake.decode(ByteBuffer.wrap(bencoded.getBytes(StandardCharsets.UTF_8)));
    }

    private static ExtendedHandshake captured(String from) throws Exception {
        byte[] frame =
                PeerWireCaptures.frames()
                        .filter(f -> f.from().equals(from) && f.kind().equals("20"))
                        .findFirst()
                        .orElseThrow()
                        .bytes()
                        .bytes();
        return ExtendedHandshake.decode(ByteBuffer.wrap(frame, 6, frame.length - 6));
    }

    @Test
    void that_of_a_libtorrent_seed_says_what_it_can_and_wants() throws Exception {
        ExtendedHandshake seed = captured("B");
        assertThat(seed.extensions())
                .containsOnly(
                        entry("lt_donthave", 7),
                        entry("share_mode", 8),
                        entry("upload_only", 3),
                        entry("ut_holepunch", 4),
                        entry("ut_metadata", 2),
                        entry("ut_pex", 1));
        assertThat(seed.client()).contains("libtorrent/2.0.8.0");
        assertThat(seed.requestQueue()).contains(2000);
        assertThat(seed.uploadOnly()).contains(true);
        assertThat(seed.metadataBytes()).contains(103);
        assertThat(seed.whereabouts().yourIp()).contains(ByteString.of(new byte[] {127, 0, 0, 1}));
        assertThat(seed.whereabouts().listenPort()).isEmpty();
    }

    @Test
    void that_of_a_libtorrent_leecher_names_its_port() throws Exception {
        ExtendedHandshake leecher = captured("A");
        assertThat(leecher.whereabouts().listenPort()).contains(45101);
        assertThat(leecher.uploadOnly()).as("not said").isEmpty();
        assertThat(leecher.prefersEncryption()).as("not said").isEmpty();
    }

    @Test
    void what_we_write_we_read() throws Exception {
        var ours =
                new ExtendedHandshake(
                        Map.of("ut_metadata", 2, "ut_pex", 1),
                        new Whereabouts(
                                Optional.of(6881),
                                Optional.of(ByteString.of(new byte[] {127, 0, 0, 1})),
                                Optional.of(ByteString.of(new byte[] {10, 1, 2, 3})),
                                Optional.of(ByteString.of(new byte[16]))),
                        Optional.of("Thistle/0.1"),
                        Optional.of(2000),
                        Optional.of(31_000),
                        Optional.of(false),
                        Optional.of(true));
        assertThat(ExtendedHandshake.decode(ours.encode())).isEqualTo(ours);
    }

    @Test
    void an_empty_dictionary_says_nothing() throws Exception {
        assertThat(read("de"))
                .isEqualTo(
                        new ExtendedHandshake(
                                Map.of(),
                                Whereabouts.UNKNOWN,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "i1e",
                "le",
                "4:abcd",
                "d1:m",
                "d1:vi1e",
                "x",
                "d1:pi99999999999999999999ee"
            })
    void what_is_no_dictionary_is_malformed(String bencoded) {
        assertThatThrownBy(() -> read(bencoded)).isInstanceOf(MalformedException.class);
    }

    @Test
    void values_of_the_wrong_kind_or_size_are_ignored() throws Exception {
        assertThat(read("d1:ei7e1:mi3e1:p5:hello4:reqqi0e11:upload_onlyle1:vi5ee"))
                .isEqualTo(read("de"));
        assertThat(read("d1:pi65536ee").whereabouts().listenPort()).isEmpty();
        assertThat(read("d1:pi0ee").whereabouts().listenPort()).isEmpty();
        assertThat(read("d4:reqqi-5ee").requestQueue()).isEmpty();
        assertThat(read("d4:reqqi1000000ee").requestQueue()).contains(2000);
    }

    @Test
    void addresses_and_sizes_out_of_range_are_ignored() throws Exception {
        assertThat(read("d4:ipv43:abc4:ipv64:abcd13:metadata_sizei0e6:yourip5:abcdee"))
                .isEqualTo(read("de"));
        assertThat(read("d13:metadata_sizei31457280ee").metadataBytes()).contains(31457280);
        assertThat(read("d13:metadata_sizei31457281ee").metadataBytes()).isEmpty();
        assertThat(read("d6:yourip16:abcdefghabcdefghe").whereabouts().yourIp())
                .contains(ByteString.utf8("abcdefghabcdefgh"));
    }

    @Test
    void extension_ids_outside_a_byte_are_ignored() throws Exception {
        assertThat(read("d1:md1:ai256e1:bi-1e1:ci0e1:di255e1:e3:abcee").extensions())
                .containsOnly(entry("c", 0), entry("d", 255));
    }

    @Test
    void a_thousand_extensions_are_cut_to_the_limit() throws Exception {
        var m = new StringBuilder("d1:md");
        for (int i = 0; i < 1000; i++) {
            m.append("4:x%03di1e".formatted(i));
        }
        assertThat(read(m + "ee").extensions()).hasSize(ExtendedHandshake.MAX_EXTENSIONS);
    }

    @Test
    void a_long_client_name_is_cut() throws Exception {
        String name = "n".repeat(500);
        assertThat(read("d1:v500:" + name + "e").client())
                .contains("n".repeat(ExtendedHandshake.MAX_CLIENT_CHARS));
    }

    /// U+009B starts an escape sequence on terminals, U+202E turns the line around, U+2028 ends it.
    @Test
    void a_client_name_cannot_steer_a_terminal() throws Exception {
        String hostile = "a\u001b[2J\u009b1m\u202e\u2028\u0000b";
        int bytes = hostile.getBytes(StandardCharsets.UTF_8).length;
        assertThat(read("d1:v%d:%se".formatted(bytes, hostile)).client()).contains("a[2J1mb");
    }

    @Test
    void a_client_name_is_never_cut_inside_a_character() throws Exception {
        String name = "x".repeat(63) + "\ud83c\udf3f" + "y";
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        assertThat(read("d1:v%d:%se".formatted(bytes, name)).client()).contains("x".repeat(63));
    }

    @Test
    void a_tower_of_lists_is_malformed_and_no_more() {
        assertThatThrownBy(() -> read("l".repeat(100_000))).isInstanceOf(MalformedException.class);
    }
}
