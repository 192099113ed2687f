package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.tracker.Vectors.HELLO;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScrapeExchangeTest {

    private static final InfoHash OTHER = InfoHash.of(new byte[20]);

    @ParameterizedTest
    @EnumSource
    void what_is_asked_is_answered_under_the_name_that_was_used(AnnounceForm form)
            throws Exception {
        List<InfoHash> torrents = List.of(HELLO, OTHER);
        var asked = ReceivedScrape.parse(ScrapeExchange.query(torrents, form));
        var counts = new SwarmCounts(1, 2, 3, 1);
        Map<TorrentName, SwarmCounts> known = new HashMap<>();
        known.put(asked.torrents().getFirst(), counts);
        byte[] body = ScrapeExchange.write(known, Duration.ofMinutes(15));

        assertThat(asked.torrents()).hasSize(2);
        assertThat(ScrapeExchange.read(ByteBuffer.wrap(body), torrents, form))
                .isEqualTo(
                        new ScrapeExchange.Answer.Counts(
                                Map.of(HELLO, counts), Optional.of(Duration.ofMinutes(15))));
    }

    @Test
    void an_obfuscated_scrape_does_not_name_the_torrent() {
        assertThat(ScrapeExchange.query(List.of(HELLO), AnnounceForm.OBFUSCATED))
                .isEqualTo("sha_ih=kO%89%A5N-%27%EC%D7%E8%DA%05%B4%AB%8F%D9%D1%D8%B1%19");
    }

    @Test
    void a_real_scrape_is_understood() throws Exception {
        String target =
                Vectors.stream(Vectors.read("tracker-captures.json").get("http"))
                        .map(vector -> vector.get("request_target").asString())
                        .filter(text -> text.startsWith("/scrape?"))
                        .findFirst()
                        .orElseThrow();

        assertThat(ReceivedScrape.parse(target.substring("/scrape?".length())).torrents())
                .containsExactly(
                        new TorrentName.Open(
                                InfoHash.ofHex("bde2228f6932a1b4319416dd8e877f850a513adc")));
    }

    @Test
    void a_full_scrape_is_refused() {
        assertThatThrownBy(() -> ReceivedScrape.parse("foo=1"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("full scrape is not offered");
    }

    @Test
    void a_hundred_torrents_fit_and_one_more_is_refused() throws Exception {
        var torrents = new ArrayList<>(Collections.nCopies(100, OTHER));
        String query = ScrapeExchange.query(torrents, AnnounceForm.CLEAR);

        assertThat(ReceivedScrape.parse(query).torrents()).hasSize(100);
        assertThatThrownBy(() -> ReceivedScrape.parse(query + "&info_hash=a"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("info_hash: 101 times, allowed 100");
    }

    @Test
    void a_refusal_is_read_as_one() throws Exception {
        byte[] body = "d14:failure reason2:noe".getBytes(ISO_8859_1);

        assertThat(ScrapeExchange.read(ByteBuffer.wrap(body), List.of(HELLO), AnnounceForm.CLEAR))
                .isEqualTo(new ScrapeExchange.Answer.Refused("no"));
    }
}
