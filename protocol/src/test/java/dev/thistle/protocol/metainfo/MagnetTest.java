package dev.thistle.protocol.metainfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.InfoHashes;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.Sha256;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MagnetTest {

    private static final String HEX = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
    private static final String BASE_32 = "VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N";
    private static final String HEX_V2 =
            "7048900770540658407eb484cca432a281e158545ca1162aa2c793d749b8638a";
    private static final String V1 = "magnet:?xt=urn:btih:" + HEX;

    @ParameterizedTest
    @ValueSource(
            strings = {
                V1,
                "  " + V1 + "\n",
                "MAGNET:?XT=URN:BTIH:AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D",
                "magnet:?xt=urn:btih:" + BASE_32,
                "magnet:?xt=urn:btih:vl2mmho4yxukfwv63yhtwsbm3gxksq2n",
                "magnet:?xt=urn%3Abtih%3a" + HEX,
                "magnet:?dn=x&xt.1=urn:btih:" + HEX,
                "magnet:?xt=urn:sha1:x&xt=urn:btih:" + HEX + "&xt=urn:btih:" + BASE_32,
                V1 + "&&x&=y&so=0&tr=&x.pe=",
            })
    void the_hash_is_found_in_every_form(String link) throws Exception {
        Magnet magnet = Magnet.parse(link);

        assertThat(magnet.infoHashes()).isEqualTo(InfoHashes.v1(InfoHash.ofHex(HEX)));
        assertThat(magnet.trackers()).isEmpty();
        assertThat(magnet.peers()).isEmpty();
        assertThat(magnet.webSeeds()).isEmpty();
    }

    @Test
    void a_hybrid_link_has_both_hashes_and_a_v2_link_one() throws Exception {
        var v2 = Sha256.ofHex(HEX_V2);

        assertThat(Magnet.parse(V1 + "&xt=urn:btmh:1220" + HEX_V2).infoHashes())
                .isEqualTo(InfoHashes.hybrid(InfoHash.ofHex(HEX), v2));
        Magnet alone = Magnet.parse("magnet:?xt=urn:btmh:1220" + HEX_V2.toUpperCase(Locale.ROOT));
        assertThat(alone.infoHashes()).isEqualTo(InfoHashes.v2(v2));
    }

    @Test
    void hints_are_decoded_and_kept_in_order() throws Exception {
        Magnet magnet =
                Magnet.parse(
                        V1
                                + "&dn=gr%C3%B6%C3%9Fe+100%+%26c&dn=second"
                                + "&tr=udp%3A%2F%2Fa%3A1%2Fannounce&tr.1=http://b/a+b?k=1&tr=udp://a:1/announce"
                                + "&x.pe=203.0.113.7:6881&x.pe=%5B2001:db8::1%5D:1&x.pe=peer.example:65535"
                                + "&ws=http://c/%20&ws=http://c/");

        assertThat(magnet.name()).contains("größe 100% &c");
        assertThat(magnet.trackers()).containsExactly("udp://a:1/announce", "http://b/a+b?k=1");
        assertThat(magnet.peers())
                .containsExactly("203.0.113.7:6881", "[2001:db8::1]:1", "peer.example:65535");
        assertThat(magnet.webSeeds()).containsExactly("http://c/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "host:",
                ":1",
                "host:0",
                "host:65536",
                "host:-1",
                "::1:1",
                "a b:1",
                "[x]:1",
                "h:123456"
            })
    void peers_nobody_can_reach_are_left_out(String peer) throws Exception {
        assertThat(Magnet.parse(V1 + "&x.pe=" + peer).peers()).isEmpty();
    }

    @Test
    void hints_over_their_limit_are_left_out() throws Exception {
        var link = new StringBuilder(V1);
        IntStream.range(0, 60)
                .forEach(i ->
                        link.append("&tr=udp:t" + i)
                                .append("&ws=http:w" + i)
                                .append("&x.pe=h" + i + ":1"));
        Magnet magnet = Magnet.parse(link + "&tr=" + "u".repeat(2_049));

        assertThat(magnet.trackers()).hasSize(50).first().isEqualTo("udp:t0");
        assertThat(magnet.webSeeds()).hasSize(50);
        assertThat(magnet.peers()).hasSize(50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://x                    | magnet: another kind of link, allowed magnet:?xt=urn:btih:… (BAD_VALUE)",
                "magnet:                     | magnet: another kind of link, allowed magnet:?xt=urn:btih:… (BAD_VALUE)",
                "magnet:?dn=x                | magnet.xt: no info-hash, allowed urn:btih:… or urn:btmh:… (BAD_VALUE)",
                "magnet:?xt=urn:btih:abc     | magnet.xt: urn:btih: with 3 characters, allowed 40 hexadecimal or 32 base32 (BAD_VALUE)",
                "magnet:?xt=urn:btih:11111111111111111111111111111111 | magnet.xt: urn:btih: with 32 characters, allowed 40 hexadecimal or 32 base32 (BAD_VALUE)",
                "magnet:?xt=urn:btmh:1120aa  | magnet.xt: urn:btmh: with 6 characters, allowed 1220 and 64 hexadecimal (BAD_VALUE)",
            })
    void refuses_what_names_no_torrent(String link, String message) {
        assertThatThrownBy(() -> Magnet.parse(link))
                .isInstanceOf(MalformedException.class)
                .hasMessage(message);
    }

    @Test
    void refuses_two_hashes_of_one_kind_and_a_link_without_end() {
        assertThatThrownBy(() -> Magnet.parse(V1 + "&xt=urn:btih:" + "0".repeat(40)))
                .hasMessage("magnet.xt: two different urn:btih:, allowed one (BAD_VALUE)");
        assertThatThrownBy(() -> Magnet.parse(V1 + "&dn=" + "x".repeat(Magnet.MAX_CHARS)))
                .hasMessage("magnet: 65600 characters, allowed up to 65536 (TOO_LARGE)");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_damaged_link_is_read_or_refused_and_nothing_else(long seed) {
        var random = new Random(seed);
        String whole =
                V1
                        + "&xt=urn:btmh:1220"
                        + HEX_V2
                        + "&dn=%C3%B6+x&tr=udp%3A//a&x.pe=[::1]:80&ws=http://c";
        for (int round = 0; round < 50; round++) {
            var link = new StringBuilder(whole);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                char c =
                        random.nextInt(3) == 0
                                ? (char) random.nextInt()
                                : "%&=+:.[]09afxt\n".charAt(random.nextInt(15));
                link.setCharAt(random.nextInt(link.length()), c);
            }
            try {
                assertThat(Magnet.parse(link.toString()).trackers()).hasSizeLessThan(3);
            } catch (MalformedException refused) {
                assertThat(refused.getMessage()).matches("\\P{Cntrl}+");
            }
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,2,4-6          | {0, 2, 4, 5, 6}",
                "4-6,0 , 5-7      | {0, 4, 5, 6, 7}",
                "3                | {3}",
                "6-4,x,-1,1-,,7   | {7}",
                "1000000          | {}",
                "99999999999      | {}",
            })
    void the_chosen_files_are_read(String so, String files) throws Exception {
        assertThat(Magnet.parse(V1 + "&so=" + so.replace(" ", "%20")).selected())
                .hasToString(files);
    }

    @Test
    void a_range_without_end_ends_at_the_last_file_any_torrent_has() throws Exception {
        assertThat(Magnet.parse(V1 + "&so=1-99999999").selected().cardinality())
                .isEqualTo(MetainfoReader.MAX_FILES - 1);
    }

    @Test
    void a_link_is_written_as_it_is_read() throws Exception {
        String link =
                V1
                        + "&xt=urn:btmh:1220"
                        + HEX_V2
                        + "&dn=gr%C3%B6%C3%9Fe%20100%25%20%26c"
                        + "&tr=udp%3A%2F%2Fa%3A1%2Fannounce&tr=http%3A%2F%2Fb%2Fa%2Bb%3Fk%3D1"
                        + "&ws=http%3A%2F%2Fc%2F&x.pe=203.0.113.7:6881&x.pe=[2001:db8::1]:1&so=0,2-4,9";

        assertThat(Magnet.parse(link).link()).isEqualTo(link);
        assertThat(Magnet.parse("magnet:?xt=urn:btmh:1220" + HEX_V2).link())
                .isEqualTo("magnet:?xt=urn:btmh:1220" + HEX_V2);
    }

    @Test
    void a_torrent_has_a_link_that_does_not_tell_of_hidden_trackers() throws Exception {
        Metainfo torrent =
                MetainfoReader.read(
                        ByteBuffer.wrap(
                                TorrentBuilder.ofFile("a b", 1, 16384)
                                        .pieceHash(new byte[20])
                                        .announceTier(List.of("http://t/"))
                                        .obfuscateAnnounceTier(List.of("http://hidden/"))
                                        .build()));

        assertThat(Magnet.of(torrent).link())
                .isEqualTo(
                        "magnet:?xt=urn:btih:%s&dn=a%%20b&tr=http%%3A%%2F%%2Ft%%2F"
                                .formatted(torrent.infoHash()));
    }
}
