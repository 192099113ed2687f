package dev.thistle.protocol.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTextTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, cb007107",
        "::, 00000000000000000000000000000000",
        "::1, 00000000000000000000000000000001",
        "2001:db8::7, 20010db8000000000000000000000007",
        "1:2:3:4:5:6:7:8, 00010002000300040005000600070008",
        "1::, 00010000000000000000000000000000",
        "::ffff:1.2.3.4, 00000000000000000000ffff01020304",
    })
    void numeric_addresses_are_read(String text, String hex) {
        byte[] ip = IpText.parse(text).orElseThrow();

        assertThat(HexFormat.of().formatHex(ip)).isEqualTo(hex);
        assertThat(IpText.parse(IpText.format(ip))).contains(ip);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "a.b.c.d",
                "1.2.3.-4",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "g::",
                "1.2.3.4::",
                "example.org",
                "1:2:3:4:5:6:7:8::"
            })
    void anything_else_is_not(String text) {
        assertThat(IpText.parse(text)).isEmpty();
    }
}
