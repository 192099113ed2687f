package dev.thistle.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A name with several addresses, of which one answers.
@Timeout(60)
class HttpCallerTest {

    private static final Duration LONG = Duration.ofSeconds(50);
    private static final URI SOMEWHERE = URI.create("http://some.example/");

    private final MemoryNetwork internet = new MemoryNetwork(1);
    private final HttpCaller caller = HttpCaller.over(internet.host("10.0.0.9"));

    private InetAddress address(int number) {
        return internet.host("10.0.0." + number).ip();
    }

    @Test
    void the_next_address_is_called_when_one_cannot_be_reached() throws Exception {
        try (Listener _ = internet.host("10.0.0.3").listen(new InetSocketAddress(address(3), 80));
                HttpConnection connection =
                        caller.connect(
                                SOMEWHERE, List.of(address(1), address(2), address(3)), LONG)) {
            assertThat(connection.remote()).isEqualTo(new InetSocketAddress(address(3), 80));
        }
    }

    @Test
    void a_name_with_many_dead_addresses_is_given_up() throws Exception {
        List<InetAddress> many = List.of(address(1), address(2), address(3), address(4));
        try (Listener _ = internet.host("10.0.0.4").listen(new InetSocketAddress(address(4), 80))) {
            assertThatThrownBy(() -> caller.connect(SOMEWHERE, many, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("10.0.0.3");
        }
    }
}
