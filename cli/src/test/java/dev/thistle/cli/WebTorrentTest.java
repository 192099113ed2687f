package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.thistle.net.Datagrams;
import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.Network;
import dev.thistle.net.TcpNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.net.http.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where a user sends us and where a server may. The server is on loopback whatever is called.
@Timeout(60)
class WebTorrentTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<InetAddress> called = new CopyOnWriteArrayList<>();
    private final TcpNetwork network = new TcpNetwork();
    private HttpServer server;
    private WebTorrent web;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/torrent", 200, "", "what it holds");
        answer("/inside", 302, "http://inside.example/torrent", "");
        answer("/loopback", 302, "http://127.0.0.1/torrent", "");
        answer("/outside", 302, "http://outside.example/torrent", "");
        answer("/twice", 302, "http://outside.example/inside", "");
        server.start();
        var names =
                new Names(host ->
                        List.of(
                                InetAddress.getByName(
                                        host.startsWith("outside")
                                                ? "203.0.113.7"
                                                : "192.168.1.1")));
        web = new WebTorrent(new HttpCaller(new OneServer(), SSLContext.getDefault(), names));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        network.close();
    }

    private void answer(String path, int status, String location, String body) {
        server.createContext(
                path,
                exchange -> {
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Location", location);
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    /// Every address leads to the server.
    private final class OneServer implements Network {
        @Override
        public Link connect(InetSocketAddress remote, Duration patience) throws IOException {
            called.add(remote.getAddress());
            return network.connect(server.getAddress(), patience);
        }

        @Override
        public Listener listen(InetSocketAddress local) throws IOException {
            throw new IOException("nobody listens here");
        }

        @Override
        public Datagrams datagrams(InetSocketAddress local) throws IOException {
            throw new IOException("nobody sends datagrams here");
        }
    }

    private String fetch(String address) throws Exception {
        return new String(web.fetch(address, PATIENCE), StandardCharsets.UTF_8);
    }

    @Test
    void a_user_may_send_us_anywhere_and_a_server_outside() throws Exception {
        assertThat(fetch("http://outside.example/torrent")).isEqualTo("what it holds");
        assertThat(fetch("http://inside.example/torrent")).isEqualTo("what it holds");
        assertThat(fetch("http://outside.example/outside")).isEqualTo("what it holds");
        assertThat(fetch("http://inside.example/outside")).isEqualTo("what it holds");
        assertThat(fetch("http://inside.example/loopback")).isEqualTo("what it holds");
    }

    @Test
    void a_server_outside_does_not_send_us_into_a_private_network() throws Exception {
        for (String path : List.of("/inside", "/loopback", "/twice")) {
            called.clear();
            String address = "http://outside.example" + path;
            assertThatThrownBy(() -> fetch(address))
                    .hasMessage(address + ": a redirect from outside into a private network");
            assertThat(called).containsOnly(InetAddress.getByName("203.0.113.7"));
        }
    }
}
