package dev.thistle.lab.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.lab.truth.Connection.Fate;
import dev.thistle.net.Link;
import dev.thistle.net.LinkResetException;
import dev.thistle.net.Listener;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.net.Network;
import dev.thistle.net.TcpNetwork;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Links in memory where the network has to misbehave, over TCP where the kernel's word counts.
@Timeout(20)
class ObservedNetworkTest {

    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ConnectionLedger ledger = new ConnectionLedger();
    private final MemoryNetwork internet = new MemoryNetwork(1);
    private final MemoryNetwork.Host alice = internet.host("10.64.0.1");
    private final MemoryNetwork.Host bob = internet.host("10.128.0.1");

    @Test
    void a_reset_by_somebody_between_kills_and_every_call_says_so() throws IOException {
        try (var pair = new Pair(alice, bob)) {
            internet.reset(alice, bob);

            assertThatThrownBy(() -> pair.caller.read(ByteBuffer.allocate(1), LONG))
                    .isInstanceOf(LinkResetException.class);
            assertThatThrownBy(() -> pair.called.read(ByteBuffer.allocate(1), LONG))
                    .isInstanceOf(LinkResetException.class);
        }
        assertThat(ledger.fates())
                .containsEntry(Fate.KILLED, 1)
                .containsEntry(Fate.IN_ORDER, 0)
                .containsEntry(Fate.HALF_KILLED, 0)
                .containsEntry(Fate.OPEN, 0);
    }

    @Test
    void bytes_pass_and_an_orderly_end_is_in_order_at_both_ends() throws IOException {
        try (var pair = new Pair(alice, bob)) {
            pair.caller.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), LONG);
            assertThat(pair.called.read(ByteBuffer.allocate(8), LONG)).isEqualTo(3);
            assertThat(ledger.fates()).containsEntry(Fate.OPEN, 1);
            pair.caller.close();
            assertThat(pair.called.read(ByteBuffer.allocate(8), LONG)).isEqualTo(-1);
        }
        Connection connection = ledger.connections().getFirst();
        assertThat(connection.low().map(LinkLife::ending)).contains(Ending.CLOSED);
        assertThat(connection.high().map(LinkLife::ending)).contains(Ending.FINISHED);
        assertThat(connection.fate()).isEqualTo(Fate.IN_ORDER);
    }

    @Test
    void running_out_of_patience_is_noted_once_and_closing_later_changes_nothing()
            throws IOException {
        try (var pair = new Pair(alice, bob)) {
            assertThatThrownBy(() -> pair.caller.read(ByteBuffer.allocate(1), SHORT))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(ledger.connections().getFirst().low().map(LinkLife::ending))
                .contains(Ending.TIMED_OUT);
    }

    @Test
    void a_call_that_is_refused_leaves_no_trace() {
        var network = new ObservedNetwork(alice, ledger);
        assertThatThrownBy(() -> network.connect(new InetSocketAddress(bob.ip(), 1), SHORT))
                .isInstanceOf(ConnectException.class);
        assertThat(ledger.connections()).isEmpty();
    }

    @Test
    void an_honest_reset_of_a_kernel_whose_end_hung_up_is_no_kill() throws IOException {
        try (var tcp = new TcpNetwork();
                var pair = new Pair(tcp, InetAddress.getLoopbackAddress())) {
            pair.caller.write(ByteBuffer.allocate(1), LONG);
            pair.called.close(); // with a byte unread
            assertThatThrownBy(() -> pair.caller.read(ByteBuffer.allocate(1), LONG))
                    .isInstanceOf(LinkResetException.class);
        }
        assertThat(ledger.fates()).containsEntry(Fate.IN_ORDER, 1).containsEntry(Fate.KILLED, 0);
    }

    /// A caller and whom it called, both observed.
    private final class Pair implements AutoCloseable {

        final Link caller;
        final Link called;

        Pair(MemoryNetwork.Host from, MemoryNetwork.Host to) throws IOException {
            this(from, to, to.ip());
        }

        Pair(Network both, InetAddress at) throws IOException {
            this(both, both, at);
        }

        private Pair(Network from, Network to, InetAddress at) throws IOException {
            var local = new InetSocketAddress(at, 0);
            try (Listener listener = new ObservedNetwork(to, ledger).listen(local)) {
                caller = new ObservedNetwork(from, ledger).connect(listener.address(), LONG);
                called = listener.accept();
            }
        }

        @Override
        public void close() {
            caller.close();
            called.close();
        }
    }
}
