package dev.thistle.net;

import static dev.thistle.net.Streams.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryDatagramsTest extends DatagramsContract {

    MemoryDatagramsTest() {
        super(new MemoryNetwork(1).host("10.0.0.1"), "10.0.0.1");
    }

    /// Sends numbered datagrams from one host to another.
    ///
    /// @return those that arrived, in the order of their arrival
    private static List<Integer> exchange(long seed, Conditions conditions, int count)
            throws IOException {
        var internet = new MemoryNetwork(seed);
        internet.conditions(conditions);
        var sender = internet.host("10.0.0.1");
        var receiver = internet.host("10.0.0.2");
        var arrived = new ArrayList<Integer>();
        try (Datagrams from = sender.datagrams(new InetSocketAddress(0));
                Datagrams to = receiver.datagrams(new InetSocketAddress(0))) {
            for (int k = 0; k < count; k++) {
                from.send(ByteBuffer.allocate(4).putInt(k).flip(), to.local());
            }
            ByteBuffer last = ByteBuffer.allocate(4).putInt(-1).flip();
            internet.conditions(Conditions.IDEAL.withLatency(Duration.ofMillis(40)));
            from.send(last, to.local());
            while (true) {
                ByteBuffer target = ByteBuffer.allocate(4);
                to.receive(target, LONG);
                if (target.getInt(0) < 0) {
                    return arrived;
                }
                arrived.add(target.getInt(0));
            }
        }
    }

    @Test
    void loses_the_part_that_was_asked_for_and_the_same_under_the_same_seed() throws Exception {
        Conditions half = Conditions.IDEAL.withLoss(0.5);
        List<Integer> arrived = exchange(5, half, 200);
        assertThat(arrived).hasSizeBetween(70, 130);
        assertThat(exchange(5, half, 200)).isEqualTo(arrived);
        assertThat(exchange(6, half, 200)).isNotEqualTo(arrived);
        assertThat(exchange(5, Conditions.IDEAL.withLoss(1), 10)).isEmpty();
        assertThat(exchange(5, Conditions.IDEAL, 10)).hasSize(10);
    }

    @Test
    void jitter_changes_the_order() throws Exception {
        Conditions jittery = Conditions.IDEAL.withJitter(Duration.ofMillis(30));
        assertThat(exchange(5, jittery, 100))
                .hasSize(100)
                .isNotEqualTo(exchange(5, Conditions.IDEAL, 100));
    }

    @Test
    void what_nobody_takes_is_lost_once_the_backlog_is_full() throws Exception {
        for (int k = 0; k < MemoryDatagrams.BACKLOG + 10; k++) {
            one.send(ByteBuffer.allocate(0), other.local());
        }
        int received = 0;
        while (other.receive(ByteBuffer.allocate(1), Duration.ofMillis(30)).isPresent()) {
            received++;
        }
        assertThat(received).isEqualTo(MemoryDatagrams.BACKLOG);
    }

    @Test
    void barriers_and_cuts_hold_for_datagrams_too() throws Exception {
        var internet = new MemoryNetwork(1);
        var sender = internet.host("10.0.0.1");
        var receiver = internet.host("10.0.0.2");
        try (Datagrams from = sender.datagrams(new InetSocketAddress(0));
                Datagrams to = receiver.datagrams(new InetSocketAddress(0))) {
            internet.cut(sender, receiver);
            from.send(ByteBuffer.wrap(new byte[] {1}), to.local());
            internet.mend(sender, receiver);
            receiver.reach(Reach.SILENT);
            from.send(ByteBuffer.wrap(new byte[] {2}), to.local());
            receiver.reach(Reach.OPEN);
            from.send(ByteBuffer.wrap(new byte[] {3}), to.local());
            ByteBuffer target = ByteBuffer.allocate(1);
            assertThat(to.receive(target, LONG)).contains(from.local());
            assertThat(target.get(0)).isEqualTo((byte) 3);
        }
    }
}
