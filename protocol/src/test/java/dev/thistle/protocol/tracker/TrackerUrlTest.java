package dev.thistle.protocol.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackerUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://t/announce, http://t/scrape",
        "http://t/announce.php, http://t/scrape.php",
        "http://t/x/announce?pk=1, http://t/x/scrape?pk=1",
        "http://t/x/announce?pk=/announce, http://t/x/scrape?pk=/announce",
        "http://t/announce/x, ",
        "http://t/a, ",
        "http://announce, ",
        "http://t/x%064announce, ",
    })
    void a_scrape_url_replaces_announce_in_the_last_element(String announce, String scrape) {
        assertThat(TrackerUrl.scrape(announce).orElse(null)).isEqualTo(scrape);
    }

    @ParameterizedTest
    @CsvSource({
        "http://t/announce, http://t/announce?q=1",
        "http://t/announce?, http://t/announce?q=1",
        "http://t/announce?pk=2, http://t/announce?pk=2&q=1",
        "http://t/announce?pk=2&, http://t/announce?pk=2&q=1",
        "http://t/announce#x, http://t/announce?q=1",
    })
    void a_query_follows_the_one_that_is_there(String url, String expected) {
        assertThat(TrackerUrl.withQuery(url, "q=1")).isEqualTo(expected);
    }
}
