package dev.thistle.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class NamesTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "2001:db8::1", "[2001:db8::1]"})
    void an_address_is_not_looked_up(String host) throws Exception {
        var names =
                new Names(_ -> {
                    throw new AssertionError("looked up");
                });
        assertThat(names.lookUp(host, LONG))
                .containsExactly(InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")));
    }

    @Test
    void all_addresses_of_a_name_are_told() throws Exception {
        List<InetAddress> both =
                List.of(InetAddress.ofLiteral("192.0.2.7"), InetAddress.ofLiteral("2001:db8::1"));
        assertThat(
                        new Names(host -> host.equals("both.example") ? both : List.of())
                                .lookUp("both.example", LONG))
                .isEqualTo(both);
    }

    @Test
    void a_name_that_nobody_knows_is_an_error_that_says_which() {
        assertThatThrownBy(() -> new Names(_ -> List.of()).lookUp("no.example", LONG))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("no.example: unknown host");
        assertThatThrownBy(() -> Names.system().lookUp("no.such.host.invalid", LONG))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void a_look_up_that_takes_for_ever_is_given_up() {
        var never = new CountDownLatch(1);
        var names =
                new Names(_ -> {
                    try {
                        never.await();
                    } catch (InterruptedException givenUp) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of();
                });
        assertThatThrownBy(() -> names.lookUp("slow.example", Duration.ofMillis(50)))
                .isInstanceOf(SocketTimeoutException.class);
    }
}
