package dev.thistle.isp.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {

    @ParameterizedTest
    @CsvSource({
        "10.64.0.0/16,    10.64.255.255,    true",
        "10.64.0.0/16,    10.65.0.0,        false",
        "10.64.0.0/16,    ::,               false",
        "10.64.3.4/16,    10.64.9.9,        true",
        "0.0.0.0/0,       255.1.2.3,        true",
        "0.0.0.0/0,       2001:db8::1,      false",
        "192.0.2.1,       192.0.2.1,        true",
        "192.0.2.1,       192.0.2.0,        false",
        "192.0.2.0/31,    192.0.2.1,        true",
        "2001:db8::/32,   2001:db8:ffff::1, true",
        "2001:db8::/32,   2001:db9::1,      false",
        "2001:db8::/65,   2001:db8::7fff:0:0:0, true",
        "2001:db8::/65,   2001:db8::8000:0:0:0, false",
        "2001:db8::/64,   2001:db8::8000:0:0:0, true",
        "::/0,            fe80::1,          true",
        "::/0,            10.0.0.1,         false",
        "fe80::1,         fe80::1,          true",
        "fe80::1/128,     fe80::2,          false",
    })
    void a_network_contains_what_shares_its_first_bits(String net, String address, boolean is) {
        assertThat(Subnet.parse(net).contains(Subnet.parse(address).address())).isEqualTo(is);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10",
                "10/8",
                "10.1/16",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "::/129",
                "::1%eth0",
                "example.org/8",
                "1.2.3.256",
                "10.0.0.0/99999999999",
                "0x0a.0.0.1/8",
                ":/8"
            })
    void what_is_no_network_is_refused_with_what_is_allowed(String text) {
        assertThatThrownBy(() -> Subnet.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s', allowed ADDRESS/BITS such as 10.64.0.0/16".formatted(text));
    }

    @ParameterizedTest
    @CsvSource({"10.64.0.0/16, 10.64.0.0/16", "10.1.2.3, 10.1.2.3/32"})
    void it_is_written_as_it_is_read(String text, String written) {
        assertThat(Subnet.parse(text)).hasToString(written);
    }
}
