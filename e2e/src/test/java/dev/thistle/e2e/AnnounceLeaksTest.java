package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.wire.Conversation;
import dev.thistle.e2e.wire.Conversation.Said;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The witness of [ObfuscatedAnnounceTest] sees every leak that is planted for it.
class AnnounceLeaksTest {

    /// SHA-1 of "hello", BEP 8's example: it holds letters, digits and bytes above 0x7f.
    private static final String INFO_HASH = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";

    private static final AnnounceLeaks LEAKS =
            new AnnounceLeaks(INFO_HASH, List.of("10.77.0.2", "10.77.0.3"), List.of(6881, 6891));

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    upper-case escapes | info_hash=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3BH%2C%D9%AE%A9CM
                    lower-case escapes | info_hash=%aa%f4%c6%1d%dc%c5%e8%a2%da%be%de%0f%3bh%2c%d9%ae%a9cm
                    all is escaped     | x=%AA%F4%C6%1D%DC%C5%E8%A2%DA%BE%DE%0F%3B%48%2C%D9%AE%A9%43%4D
                    hex                | h=aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d
                    upper-case hex     | h=AAF4C61DDCC5E8A2DABEDE0F3B482CD9AEA9434D
                    a port             | sha_ih=x&port=6891
                    an address         | ip=10.77.0.3
                    an escaped address | ip=%0AM%00%02
                    """)
    void sees_what_an_announce_gives_away(String name, String query) {
        // In the second row the letters of the hash itself must keep their case.
        String exact = query.replace("%3bh%2c", "%3bH%2c").replace("%a9cm", "%a9CM");
        assertThat(LEAKS.in(List.of(said(exact, "")))).as(name).hasSize(1);
    }

    @Test
    void sees_what_an_answer_gives_away() {
        assertThat(LEAKS.in(List.of(said("", "5:peers6:\nM\u0000\u0003\u001a\u00eb"))))
                .containsExactly("answer: the address 10.77.0.3 as bytes");
        assertThat(LEAKS.in(List.of(said("", "2:ip9:10.77.0.2"))))
                .containsExactly("answer: the address 10.77.0.2 as text");
    }

    @Test
    void is_content_with_an_obfuscated_exchange() {
        String announce =
                "GET /announce?sha_ih=kO%89%A5N-%27%EC%D7%E8%DA%05%B4%AB%8F%D9%D1%D8%B1%19&port=321"
                        + " HTTP/1.1\r\nHost: 10.77.0.1:6969\r\n\r\n";
        assertThat(LEAKS.in(List.of(said(announce, "d8:intervali1800e5:peers6:abcdefe"))))
                .isEmpty();
    }

    private static Conversation said(String announce, String answer) {
        return new Conversation(
                new InetSocketAddress("10.77.0.2", 40_000),
                new InetSocketAddress("10.77.0.1", 6969),
                Said.of(announce.getBytes(StandardCharsets.ISO_8859_1)),
                Said.of(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
