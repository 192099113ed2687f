package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.tracker.Vectors.HELLO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ReceivedAnnounceTest {

    private static final String HASH =
            "info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM";
    private static final String SHA_IH =
            "sha_ih=kO%89%A5N-%27%EC%D7%E8%DA%05%B4%AB%8F%D9%D1%D8%B1%19";
    private static final String ID = "&peer_id=-TH0100-abcdefghijkl";
    private static final String BASE = HASH + ID + "&port=6881";

    static Stream<JsonNode> captures() {
        return Vectors.stream(Vectors.read("tracker-captures.json").get("http"))
                .filter(vector -> vector.get("request_target").asString().startsWith("/announce"));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void announces_of_real_clients_are_understood(JsonNode vector) throws Exception {
        String target = vector.get("request_target").asString();
        var announce = ReceivedAnnounce.parse(target.substring("/announce?".length()));

        assertThat(announce.torrent())
                .isEqualTo(
                        new TorrentName.Open(
                                InfoHash.ofHex("bde2228f6932a1b4319416dd8e877f850a513adc")));
        String port = target.replaceAll(".*[&?]port=(\\d+).*", "$1");
        assertThat(announce.port(HELLO)).isEqualTo(Integer.parseInt(port));
        assertThat(announce.event().wire()).isEqualTo(target.replaceAll(".*event=(\\w+).*", "$1"));
        assertThat(announce.wishes().compact()).isTrue();
        assertThat(announce.contact().key()).isNotNull();
        assertThat(announce.crypto())
                .isEqualTo(
                        vector.get("client").asString().contains("required")
                                ? CryptoLevel.REQUIRED
                                : CryptoLevel.SUPPORTED);
    }

    @Test
    void the_plus_in_a_peer_id_is_a_plus() throws Exception {
        var announce = ReceivedAnnounce.parse(HASH + "&peer_id=-TH0100-abcd+fghij++&port=1");

        assertThat(new String(announce.peerId().bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("-TH0100-abcd+fghij++");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    upper-case escapes      | info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM&peer_id=-TH0100-abcdefghijkl&port=6881
                    lower-case escapes      | info_hash=%aa%f4%c6%1d%dc%c5%e8%a2%da%be%de%0f%3bH%2c%d9%ae%a9CM&peer_id=-TH0100-abcdefghijkl&port=6881
                    unescaped reserved      | info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F;H,%D9%AE%A9CM&peer_id=-TH0100-abcdefghijkl&port=6881
                    semicolons              | info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F;H,%D9%AE%A9CM;peer_id=-TH0100-abcdefghijkl;port=6881
                    empty pairs             | &&info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM&&&peer_id=-TH0100-abcdefghijkl&port=6881&
                    empty pairs, semicolons | info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM;;peer_id=-TH0100-abcdefghijkl;port=6881;
                    a second question mark  | passkey=1234?info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM&peer_id=-TH0100-abcdefghijkl&port=6881
                    keys without a value    | foo&info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM&peer_id=-TH0100-abcdefghijkl&event&numwant&port=6881
                    """)
    void the_odd_spellings_of_real_clients_are_understood(String name, String query)
            throws Exception {
        var announce = ReceivedAnnounce.parse(query);

        assertThat(announce.torrent()).as(name).isEqualTo(new TorrentName.Open(HELLO));
        assertThat(announce.port(HELLO)).as(name).isEqualTo(6881);
    }

    @ParameterizedTest
    @CsvSource({
        "numwant=-1, -1, -1",
        "left=-1, -1, -1",
        "left=99999999999999999999999999, 9223372036854775807, -1",
        "left=18446744073709551615, 9223372036854775807, -1",
        "event=, -1, -1",
        "numwant=99999999999, -1, 2147483647",
        "left=x, -1, -1",
    })
    void odd_numbers_are_taken_as_they_are_meant(String extra, long left, int numWant)
            throws Exception {
        var announce = ReceivedAnnounce.parse(BASE + "&" + extra);

        assertThat(announce.progress().left()).isEqualTo(left);
        assertThat(announce.wishes().numWant()).isEqualTo(numWant);
        assertThat(announce.event()).isEqualTo(AnnounceEvent.NONE);
    }

    @Test
    void sha_ih_and_info_hash_both_present_are_refused() {
        assertRefused(HASH + "&" + SHA_IH + ID + "&port=1", "sha_ih: stands beside info_hash");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 19, 21, 40})
    void a_wrong_length_of_sha_ih_is_refused(int length) {
        assertRefused(
                "sha_ih=" + "a".repeat(length) + ID + "&port=1",
                "sha_ih: %d bytes, allowed 20".formatted(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 19, 21})
    void a_wrong_length_of_info_hash_is_refused(int length) {
        assertRefused(
                "info_hash=" + "a".repeat(length) + ID + "&port=1",
                "info_hash: %d bytes, allowed 20".formatted(length));
    }

    @Test
    void a_hidden_name_given_twice_is_refused() {
        assertRefused(SHA_IH + "&" + SHA_IH + ID + "&port=1", "sha_ih: 2 times, allowed 1");
    }

    @Test
    void bytes_that_the_server_could_not_keep_are_refused_with_a_clear_reason() {
        assertRefused(
                "info_hash=\ufffd\ufffdaaaaaaaaaaaaaaaaaa" + ID + "&port=1",
                "info_hash: unescaped bytes above 0x7f, allowed only percent-encoded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&port=", "&port=x", "&port=-1", "&port=65536"})
    void a_port_that_is_none_is_refused(String port) {
        assertRefused(HASH + ID + port, "port: missing or no number, allowed 0..65535");
    }

    @Test
    void who_stops_may_leave_the_port_out() throws Exception {
        assertThat(ReceivedAnnounce.parse(HASH + ID + "&event=stopped").port(HELLO)).isZero();
    }

    @Test
    void a_missing_peer_id_is_refused() {
        assertRefused(HASH + "&port=1", "peer_id: missing");
    }

    @Test
    void every_wire_port_from_0_to_65535_is_decoded_before_it_is_judged() throws Exception {
        for (int port = 1; port <= 0xFFFF; port += 257) {
            String query = AnnounceQuery.encode(Vectors.request(port), AnnounceForm.OBFUSCATED);
            assertThat(ReceivedAnnounce.parse(query).port(HELLO)).isEqualTo(port);
        }
        // R begins with 5f6d, so that port travels as 0.
        String query = AnnounceQuery.encode(Vectors.request(0x5f6d), AnnounceForm.OBFUSCATED);
        assertThat(query).contains("&port=0&");
        assertThat(ReceivedAnnounce.parse(query).port(HELLO)).isEqualTo(0x5f6d);
    }

    @Test
    void a_port_that_is_0_after_decoding_is_read_with_the_bytes_of_the_masks() throws Exception {
        var announce = ReceivedAnnounce.parse(SHA_IH + ID + "&port=" + 0x5f6d);

        assertThat(announce.port(HELLO)).isEqualTo(0x5f6d ^ 0xb630);
    }

    @Test
    void a_port_that_is_0_after_decoding_by_both_readings_is_refused() throws Exception {
        // For this torrent the key stream repeats the two bytes of the mask.
        var twin = InfoHash.ofHex("07ae435094e94da30eb5d57341c136907e18fb7b");
        String name = Percent.encode(ShaIh.of(twin).bytes());
        var announce = ReceivedAnnounce.parse("sha_ih=" + name + ID + "&port=28120");

        assertThatThrownBy(() -> announce.port(twin))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("port: 0 after decoding, allowed 1..65535");
    }

    @Test
    void cryptoport_is_the_port_of_who_requires_encryption_and_hides_from_old_trackers()
            throws Exception {
        String zero = HASH + ID + "&port=0&cryptoport=7000";

        assertThat(ReceivedAnnounce.parse(zero + "&requirecrypto=1").port(HELLO)).isEqualTo(7000);
        assertThat(ReceivedAnnounce.parse(zero).port(HELLO)).isZero();
    }

    @Test
    void an_obfuscated_announce_implies_support_for_encryption() throws Exception {
        var announce = ReceivedAnnounce.parse(SHA_IH + ID + "&port=1");

        assertThat(announce.isObfuscated()).isTrue();
        assertThat(announce.crypto()).isEqualTo(CryptoLevel.SUPPORTED);
    }

    @Test
    void neither_messages_nor_texts_show_a_hash() throws Exception {
        assertThat(ReceivedAnnounce.parse(BASE).toString()).doesNotContain("aaf4");
        assertThat(ReceivedAnnounce.parse(BASE).torrent().toString()).doesNotContain("aaf4");
    }

    private static void assertRefused(String query, String message) {
        assertThatThrownBy(() -> ReceivedAnnounce.parse(query))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(message);
    }
}
