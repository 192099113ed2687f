package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.tracker.Vectors.HELLO;
import static dev.thistle.protocol.tracker.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.bencode.ByteString;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class AnnounceQueryTest {

    static Stream<JsonNode> announces() {
        return Vectors.stream(Vectors.read("bep8.json").get("announce"));
    }

    @Test
    void a_clear_announce_names_torrent_and_port() {
        assertThat(AnnounceQuery.encode(Vectors.request(), AnnounceForm.CLEAR))
                .isEqualTo(
                        "info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM"
                                + "&peer_id=-TH0100-abcdefghijkl&port=6881"
                                + "&uploaded=1&downloaded=2&left=3&key=0BADCAFE&event=started"
                                + "&numwant=50&compact=1&no_peer_id=1&supportcrypto=1");
    }

    @Test
    void an_obfuscated_announce_has_the_hidden_name_and_port_and_never_info_hash() {
        assertThat(AnnounceQuery.encode(Vectors.request(), AnnounceForm.OBFUSCATED))
                .startsWith(
                        "sha_ih=kO%89%A5N-%27%EC%D7%E8%DA%05%B4%AB%8F%D9%D1%D8%B1%19"
                                + "&peer_id=-TH0100-abcdefghijkl&port=17804&")
                .doesNotContain("info_hash", "6881");
    }

    @ParameterizedTest
    @MethodSource("announces")
    void our_own_address_is_hidden_as_in_every_vector(JsonNode vector) throws Exception {
        var infoHash = InfoHash.ofHex(vector.get("info_hash").asString());
        for (JsonNode ip : vector.get("ips")) {
            var packed = ByteString.of(hex(ip.get("packed").asString()));
            String query =
                    AnnounceQuery.encode(requestFor(infoHash), AnnounceForm.OBFUSCATED, packed);

            assertThat(query)
                    .contains("&ip=" + ip.get("obscured_packed_urlencoded").asString() + "&");
            assertThat(ReceivedAnnounce.parse(query).statedIp(infoHash)).contains(packed);
        }
    }

    @ParameterizedTest
    @MethodSource("announces")
    void an_address_hidden_as_text_is_understood_too(JsonNode vector) throws Exception {
        var infoHash = InfoHash.ofHex(vector.get("info_hash").asString());
        for (JsonNode ip : vector.get("ips")) {
            String query =
                    "sha_ih="
                            + vector.get("sha_ih_urlencoded").asString()
                            + "&peer_id=-TH0100-abcdefghijkl&port=1&ip="
                            + ip.get("alt_obscured_text_urlencoded").asString();

            assertThat(ReceivedAnnounce.parse(query).statedIp(infoHash))
                    .contains(ByteString.of(hex(ip.get("packed").asString())));
        }
    }

    @Test
    void a_client_that_requires_encryption_also_says_that_it_supports_it() {
        var request =
                new AnnounceRequest(
                        HELLO,
                        Vectors.PEER_ID,
                        1,
                        0,
                        0,
                        0,
                        AnnounceEvent.NONE,
                        -1,
                        1,
                        CryptoLevel.REQUIRED,
                        "a b\u00ff");

        assertThat(AnnounceQuery.encode(request, AnnounceForm.CLEAR))
                .endsWith("&supportcrypto=1&requirecrypto=1&trackerid=a%20b%FF")
                .doesNotContain("event=", "numwant=");
    }

    @Test
    void a_request_shows_neither_torrent_nor_port_in_messages() {
        assertThat(Vectors.request().toString()).doesNotContain("aaf4c6", "6881");
    }

    private static AnnounceRequest requestFor(InfoHash infoHash) {
        return new AnnounceRequest(
                infoHash,
                Vectors.PEER_ID,
                6881,
                0,
                0,
                1,
                AnnounceEvent.NONE,
                50,
                7,
                CryptoLevel.SUPPORTED,
                null);
    }
}
