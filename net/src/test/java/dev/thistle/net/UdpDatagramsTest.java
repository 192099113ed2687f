package dev.thistle.net;

import static dev.thistle.net.Streams.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UdpDatagramsTest extends DatagramsContract {

    UdpDatagramsTest() {
        super(new TcpNetwork(), "127.0.0.1");
    }

    @AfterEach
    void close_the_network() {
        ((TcpNetwork) network).close();
    }

    @Test
    void the_wildcard_takes_ipv4_and_shows_an_ipv4_address() throws Exception {
        try (Datagrams everywhere = network.datagrams(new InetSocketAddress(0))) {
            one.send(ByteBuffer.allocate(1), at(everywhere.local().getPort()));
            assertThat(everywhere.receive(ByteBuffer.allocate(1), LONG)).contains(one.local());
        }
    }

    @Test
    void the_network_closes_its_ports() throws Exception {
        var receiving = Threads.start(() -> one.receive(ByteBuffer.allocate(1), LONG)).blocked();
        ((TcpNetwork) network).close();
        assertThat(receiving.failure()).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> network.datagrams(at(0))).isInstanceOf(ClosedException.class);
    }
}
