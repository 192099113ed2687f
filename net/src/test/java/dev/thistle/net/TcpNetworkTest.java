package dev.thistle.net;

import static dev.thistle.net.Streams.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TcpNetworkTest extends LinkContract {

    TcpNetworkTest() {
        super(new TcpNetwork(), "127.0.0.1");
    }

    private TcpNetwork tcp() {
        return (TcpNetwork) network;
    }

    @AfterEach
    void close_the_network() {
        tcp().close();
    }

    @Test
    void the_wildcard_takes_ipv4_callers_and_shows_their_ipv4_address() throws Exception {
        try (Listener everywhere = network.listen(new InetSocketAddress(0));
                Link link = network.connect(at(everywhere.address().getPort()), LONG);
                Link accepted = everywhere.accept()) {
            assertThat(accepted.remote().getAddress()).isInstanceOf(Inet4Address.class);
            assertThat(accepted.remote()).isEqualTo(link.local());
        }
    }

    /// The kernel tells a reset to one call only. Often that is the writer's, and the reader gets
    /// what looks like an orderly end.
    @RepeatedTest(20)
    void a_reset_fails_a_blocked_reader_and_a_blocked_writer_alike() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Link link = network.connect(at(server.getLocalPort()), LONG)) {
            Socket peer = server.accept();
            var reading = Threads.start(() -> link.read(ByteBuffer.allocate(8), LONG)).blocked();
            var writing = startStuckWrite(link);

            peer.setSoLinger(true, 0);
            peer.close();

            assertThat(reading.failure())
                    .isInstanceOf(LinkResetException.class)
                    .hasMessage("reading from %s: connection reset", text(link));
            assertThat(writing.failure())
                    .isInstanceOf(LinkResetException.class)
                    .hasMessage("writing to %s: connection reset", text(link));
        }
    }

    @Test
    void a_reset_fails_a_lone_reader_and_every_later_call() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Link link = network.connect(at(server.getLocalPort()), LONG)) {
            Socket peer = server.accept();
            peer.setSoLinger(true, 0);
            peer.close();

            for (int call = 0; call < 2; call++) {
                assertThatThrownBy(() -> link.read(ByteBuffer.allocate(8), LONG))
                        .isInstanceOf(LinkResetException.class);
            }
            assertThatThrownBy(() -> link.write(ByteBuffer.allocate(8), LONG))
                    .isInstanceOf(LinkResetException.class);
        }
    }

    @Test
    void an_end_beside_a_stuck_write_is_still_an_end() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Link link = network.connect(at(server.getLocalPort()), LONG);
                Socket peer = server.accept()) {
            startStuckWrite(link);

            peer.shutdownOutput();

            assertThat(link.read(ByteBuffer.allocate(8), LONG)).isEqualTo(-1);
        }
    }

    @Test
    void closing_the_network_hangs_up_everything() throws Exception {
        // The other end is on a network of its own, so that its end cannot come first.
        try (var other = new TcpNetwork();
                Listener elsewhere = other.listen(at(0));
                Link link = network.connect(elsewhere.address(), LONG);
                Link accepted = elsewhere.accept()) {
            var reading = Threads.start(() -> link.read(ByteBuffer.allocate(8), LONG)).blocked();
            var accepting = Threads.start(() -> listener.accept()).blocked();

            tcp().close();
            tcp().close();

            assertThat(reading.failure()).isInstanceOf(ClosedException.class);
            assertThat(accepting.failure()).isInstanceOf(ClosedException.class);
            assertThat(accepted.read(ByteBuffer.allocate(8), LONG)).isEqualTo(-1);
        }
        assertThatThrownBy(() -> network.connect(listener.address(), LONG))
                .isInstanceOf(ClosedException.class)
                .hasMessageEndingWith("network closed");
        assertThatThrownBy(() -> network.listen(at(0)))
                .isInstanceOf(ClosedException.class)
                .hasMessageEndingWith("network closed");
    }

    @Test
    void networks_share_nothing() throws Exception {
        try (var other = new TcpNetwork();
                Link link = other.connect(listener.address(), LONG);
                Link accepted = listener.accept()) {
            tcp().close();

            assertThat(link.read(ByteBuffer.allocate(8), LONG)).isEqualTo(-1);
            assertThatThrownBy(() -> accepted.read(ByteBuffer.allocate(8), LONG))
                    .isInstanceOf(ClosedException.class);
        }
    }

    @Test
    void works_on_platform_threads_too() throws Exception {
        var bytes = new int[1];
        Thread reader =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                bytes[0] = callee.read(ByteBuffer.allocate(8), LONG);
                            } catch (IOException e) {
                                bytes[0] = -2;
                            }
                        });

        caller.write(ByteBuffer.allocate(3), LONG);
        reader.join();

        assertThat(bytes[0]).isEqualTo(3);
    }

    @Test
    void nobody_answering_exhausts_the_callers_patience() throws Exception {
        // The kernel drops calls beyond the backlog, so one of these gets no answer.
        var links = new ArrayList<Link>();
        try (var full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    links.add(
                                            network.connect(
                                                    at(full.getLocalPort()),
                                                    Duration.ofMillis(200)));
                                }
                            })
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage(
                            "connecting to 127.0.0.1:%d: no answer within 200 ms",
                            full.getLocalPort());
        } finally {
            links.forEach(Link::close);
        }
    }

    @Test
    void a_name_that_was_not_looked_up_is_not_called() {
        assertThatThrownBy(() ->
                        network.connect(
                                InetSocketAddress.createUnresolved("peer.example", 1), LONG))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("connecting to peer.example:1: unknown host");
    }

    private static String text(Link link) {
        return Addresses.text(link.remote());
    }
}
