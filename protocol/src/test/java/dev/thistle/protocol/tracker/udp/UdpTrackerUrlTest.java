package dev.thistle.protocol.tracker.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UdpTrackerUrlTest {

    @ParameterizedTest
    @CsvSource({
        "udp://tracker.example:6969/announce,     tracker.example, 6969, /announce",
        "UDP://tracker.example:1,                 tracker.example, 1,    ''",
        "udp://tracker.example:80/,               tracker.example, 80,   ''",
        "udp://10.0.0.1:65535?x=1,                10.0.0.1,        65535, ?x=1",
        "udp://[2001:db8::1]:80/a/b?k=v#frag,     2001:db8::1,     80,   /a/b?k=v",
        "udp://user:word@host:80/a@b:9/x,         host,            80,   /a@b:9/x",
    })
    void is_taken_apart(String url, String host, int port, String urlData) throws Exception {
        assertThat(UdpTrackerUrl.isOne(url)).isTrue();
        assertThat(UdpTrackerUrl.parse(url)).isEqualTo(new UdpTrackerUrl(host, port, urlData));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp://",
                "udp://host/secret",
                "udp://host:/secret",
                "udp://:80/secret",
                "udp://host:0/secret",
                "udp://host:65536/secret",
                "udp://host:-1/secret",
                "udp://host:99999999999/secret",
                "udp://[::1]/secret",
                "udp://::1:80/secret",
                "http://host:80/secret",
            })
    void what_names_no_host_and_port_is_refused_without_quoting_it(String url) {
        assertThatThrownBy(() -> UdpTrackerUrl.parse(url))
                .isInstanceOf(MalformedException.class)
                .message()
                .doesNotContain("secret");
    }

    @Test
    void text_for_people_leaves_the_passkey_out() throws Exception {
        assertThat(UdpTrackerUrl.parse("udp://[::1]:80/secret")).hasToString("udp://[::1]:80");
        assertThat(UdpTrackerUrl.isOne("http://host")).isFalse();
    }

    @Test
    void a_path_that_no_datagram_holds_is_refused() {
        assertThatThrownBy(() -> UdpTrackerUrl.parse("udp://host:1/" + "x".repeat(2048)))
                .isInstanceOf(MalformedException.class);
    }
}
