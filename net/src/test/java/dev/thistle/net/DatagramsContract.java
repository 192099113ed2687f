package dev.thistle.net;

import static dev.thistle.net.Streams.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the datagram ports of every [Network] must do; run for each by a subclass.
@Timeout(60)
abstract class DatagramsContract {

    private static final Duration SHORT = Duration.ofMillis(30);

    private final String ip;
    final Network network;
    Datagrams one;
    Datagrams other;

    DatagramsContract(Network network, String ip) {
        this.network = network;
        this.ip = ip;
    }

    InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }

    @BeforeEach
    void open_two_ports() throws IOException {
        one = network.datagrams(at(0));
        other = network.datagrams(at(0));
    }

    @AfterEach
    void close_them() {
        one.close();
        other.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_datagram_arrives_whole_and_says_where_it_came_from(boolean direct) throws Exception {
        ByteBuffer sent = buffer(direct, 4000);
        while (sent.hasRemaining()) {
            sent.put((byte) sent.position());
        }
        one.send(sent.flip(), other.local());
        assertThat(sent.hasRemaining()).isFalse();

        ByteBuffer target = buffer(direct, 5000);
        target.put((byte) 99);
        assertThat(other.receive(target, LONG)).contains(one.local());
        assertThat(target.position()).isEqualTo(4001);
        assertThat(target.flip().get()).isEqualTo((byte) 99);
        assertThat(target).isEqualTo(sent.flip());
    }

    private static ByteBuffer buffer(boolean direct, int bytes) {
        return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    @Test
    void each_receive_takes_one_datagram_and_an_empty_one_counts() throws Exception {
        one.send(ByteBuffer.allocate(0), other.local());
        one.send(ByteBuffer.allocate(7), other.local());
        Set<Integer> lengths = new HashSet<>();
        for (int k = 0; k < 2; k++) {
            ByteBuffer target = ByteBuffer.allocate(100);
            assertThat(other.receive(target, LONG)).isPresent();
            lengths.add(target.position());
        }
        assertThat(lengths).containsExactlyInAnyOrder(0, 7);
    }

    @Test
    void what_does_not_fit_is_lost() throws Exception {
        one.send(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), other.local());
        one.send(ByteBuffer.wrap(new byte[] {5}), other.local());
        ByteBuffer target = ByteBuffer.allocate(2);
        other.receive(target, LONG);
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        other.receive(target.clear(), LONG);
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {5}));
    }

    @Test
    void patience_ends_and_the_port_lives_on() throws Exception {
        ByteBuffer target = ByteBuffer.allocate(10);
        long start = System.nanoTime();
        assertThat(other.receive(target, SHORT)).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(target.position()).isZero();
        one.send(ByteBuffer.allocate(1), other.local());
        assertThat(other.receive(target, LONG)).contains(one.local());
    }

    @Test
    void closing_wakes_the_receiver_and_gives_the_port_back() throws Exception {
        InetSocketAddress there = other.local();
        var receiving = Threads.start(() -> other.receive(ByteBuffer.allocate(1), LONG)).blocked();
        other.close();
        assertThat(receiving.failure()).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> other.send(ByteBuffer.allocate(1), one.local()))
                .isInstanceOf(ClosedException.class);
        other.close();
        try (Datagrams again = network.datagrams(there)) {
            assertThat(again.local()).isEqualTo(there);
        }
    }

    @Test
    void an_interrupted_receiver_closes_the_port() throws Exception {
        var receiving = Threads.start(() -> other.receive(ByteBuffer.allocate(1), LONG)).blocked();
        receiving.thread().interrupt();
        assertThat(receiving.failure()).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> other.receive(ByteBuffer.allocate(1), LONG))
                .isInstanceOf(ClosedException.class);
    }

    @Test
    void a_datagram_to_nobody_is_lost_without_a_word() throws Exception {
        InetSocketAddress nobody = other.local();
        other.close();
        one.send(ByteBuffer.allocate(1), nobody);
        assertThat(one.receive(ByteBuffer.allocate(1), SHORT)).isEmpty();
    }

    @Test
    void a_datagram_larger_than_any_is_refused() {
        assertThatThrownBy(
                        () -> one.send(ByteBuffer.allocate(Datagrams.MAX_BYTES + 1), other.local()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_taken_port_a_strange_address_and_a_name_are_refused() {
        assertThatThrownBy(() -> network.datagrams(one.local()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("" + one.local().getPort());
        assertThatThrownBy(() ->
                        network.datagrams(
                                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(
                        () -> network.datagrams(InetSocketAddress.createUnresolved("localhost", 0)))
                .isInstanceOf(UnknownHostException.class);
    }
}
