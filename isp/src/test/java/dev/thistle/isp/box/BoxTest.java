package dev.thistle.isp.box;

import static dev.thistle.isp.box.BoxRig.ALICE;
import static dev.thistle.isp.box.BoxRig.ALICE_PORT;
import static dev.thistle.isp.box.BoxRig.BOB;
import static dev.thistle.isp.box.BoxRig.BOB_PORT;
import static dev.thistle.isp.box.BoxRig.OLGA;
import static dev.thistle.isp.box.BoxRig.OLGA_PORT;
import static dev.thistle.isp.box.BoxRig.OTTO;
import static dev.thistle.isp.box.BoxRig.OTTO_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.box.Attachment.Side;
import dev.thistle.isp.box.BoxCounters.Reason;
import dev.thistle.isp.policy.Policy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoxTest {

    private static final long MILLI = 1_000_000;

    private final BoxRig rig = new BoxRig(Policy.IDLE, Planted.afterBytes(0));

    @Test
    void a_frame_leaves_unchanged_where_its_destination_lives() {
        ByteBuffer frame = Segments.udp(ALICE, OLGA, 700);
        rig.arrive(frame);
        rig.arrive(Segments.udp(OTTO, BOB, 10));
        rig.pass(1);

        assertThat(rig.sent).extracting(BoxRig.Sent::port).containsExactly(OLGA_PORT, BOB_PORT);
        assertThat(rig.sent.getFirst().frame()).isEqualTo(frame);
    }

    @Test
    void what_is_not_ipv4_or_leads_nowhere_is_dropped_and_counted() {
        ByteBuffer arp = Segments.udp(ALICE, OLGA, 0).putShort(12, (short) 0x0806);
        rig.box.receive(ALICE_PORT, arp, rig.now);
        rig.box.receive(ALICE_PORT, ByteBuffer.allocate(33), rig.now);
        rig.arrive(Segments.udp(ALICE, Segments.endpoint("10.128.7.7", 1), 0));
        rig.box.receive(BOB_PORT, Segments.udp(ALICE, OLGA, 0), rig.now); // not Alice's link
        rig.arrive(Segments.udp(ALICE, OLGA, 1500));
        rig.pass(MILLI);

        assertThat(rig.sent).isEmpty();
        BoxCounters counters = rig.box.counters();
        assertThat(counters.frames()).isEqualTo(5);
        assertThat(counters.dropped(Reason.NOT_IPV4)).isEqualTo(2);
        assertThat(counters.dropped(Reason.UNROUTED)).isEqualTo(2);
        assertThat(counters.dropped(Reason.TOO_LONG)).isEqualTo(1);
    }

    @Test
    void outside_to_outside_is_forwarded_unseen() {
        rig.arrive(Segments.udp(OLGA, OTTO, 100));
        rig.pass(1);
        rig.box.close();

        assertThat(rig.sentTo(OTTO_PORT)).hasSize(1);
        assertThat(rig.events).isEmpty();
        assertThat(rig.flows).isEmpty();
    }

    @Test
    void customers_to_customers_are_seen() {
        rig.arrive(Segments.udp(ALICE, BOB, 100));
        rig.pass(1);

        assertThat(rig.sentTo(BOB_PORT)).hasSize(1);
        assertThat(rig.events).hasSize(1);
    }

    /// Up 12 Mbit/s and 3 ms, down 24 Mbit/s and 5 ms: 1500 bytes take 1 ms or 0.5 ms more.
    @Test
    void each_direction_has_its_own_line() {
        var up = LineProfile.of(12_000_000, Duration.ofMillis(3), Duration.ZERO, 0);
        var down = LineProfile.of(24_000_000, Duration.ofMillis(5), Duration.ZERO, 0);
        var slow = new BoxRig(up, down, Policy.IDLE);
        slow.arrive(Segments.udp(ALICE, OLGA, 1472));
        slow.arrive(Segments.udp(OLGA, ALICE, 1472));
        slow.arrive(Segments.udp(OLGA, OTTO, 1472));
        slow.pass(10 * MILLI);

        assertThat(slow.sent)
                .extracting(BoxRig.Sent::port)
                .containsExactly(OTTO_PORT, OLGA_PORT, ALICE_PORT);
        assertThat(slow.sent)
                .extracting(sent -> sent.nanos() - BoxRig.START)
                .containsExactly(0L, 4 * MILLI, 5 * MILLI + MILLI / 2);
    }

    @Test
    void lines_work_to_the_nanosecond_even_when_the_box_is_woken_late() {
        var up = LineProfile.of(12_000_000, Duration.ofMillis(3), Duration.ZERO, 0);
        var slow = new BoxRig(up, LineProfile.OPEN, Policy.IDLE, Planted.afterBytes(0));
        slow.arrive(Segments.udp(ALICE, OLGA, 1472));
        slow.now += 100 * MILLI;
        slow.pass(1);

        assertThat(slow.events).hasSize(1);
        assertThat(slow.events.getFirst().nanos() - BoxRig.START).isEqualTo(4 * MILLI);
    }

    @Test
    void what_the_lines_lose_is_counted_and_gives_its_buffer_back() {
        var narrow = new LineProfile(12_000_000, 3_000, Duration.ZERO, Duration.ZERO, 0);
        var hosts =
                List.<Attachment>of(
                        new Attachment.Customer(ALICE.address(), 1, narrow, narrow),
                        new Attachment.Outside(OLGA.address(), 2));
        var box =
                new Box(
                        new Box.Plan(hosts, Policy.IDLE, 1500, 4 * 1514),
                        List.of(),
                        new Random(1),
                        rig,
                        Tap.NONE);
        for (int i = 0; i < 100; i++) {
            box.receive(1, up(), 0);
        }
        assertThat(box.counters().dropped(Reason.LINE_FULL)).isEqualTo(98);
        for (int i = 0; i < 100; i++) {
            box.receive(2, down(), 0);
        }
        assertThat(box.counters().dropped(Reason.NO_BUFFER)).isEqualTo(98); // of four, all wait
        assertThat(box.poll(1_000_000_000, (_, _) -> {})).isEqualTo(Box.NEVER);

        for (int i = 0; i < 4; i++) {
            box.receive(1 + i % 2, i % 2 == 0 ? up() : down(), 2_000_000_000);
        }
        assertThat(box.counters().dropped(Reason.NO_BUFFER)).isEqualTo(98);
    }

    private static ByteBuffer up() {
        return Segments.udp(ALICE, OLGA, 1472);
    }

    private static ByteBuffer down() {
        return Segments.udp(OLGA, ALICE, 1472);
    }

    @Test
    void the_tap_sees_both_sides_of_what_passes_and_one_of_what_is_lost() {
        rig.arrive(Segments.udp(ALICE, OLGA, 1));
        rig.arrive(Segments.udp(OLGA, OTTO, 2));
        var lossy = LineProfile.of(12_000_000, Duration.ZERO, Duration.ZERO, 1);
        var losing = new BoxRig(lossy, LineProfile.OPEN, Policy.IDLE);
        losing.arrive(Segments.udp(ALICE, OLGA, 1));
        losing.pass(MILLI);

        assertThat(rig.seen)
                .extracting(BoxRig.Seen::side)
                .containsExactly(Side.CUSTOMER, Side.OUTSIDE, Side.OUTSIDE, Side.OUTSIDE);
        assertThat(losing.seen).extracting(BoxRig.Seen::side).containsExactly(Side.CUSTOMER);
        assertThat(losing.sent).isEmpty();
    }

    @Test
    void a_flow_that_is_over_leaves_a_record() {
        rig.handshake(ALICE, OLGA);
        rig.tcp(OLGA, ALICE, 5000, 1000, Segments.ACK, 700);
        rig.pass(MILLI);
        rig.box.close();

        FlowRecord flow = rig.flows.getFirst();
        assertThat(rig.flows).hasSize(1);
        assertThat(flow.client()).isEqualTo(ALICE);
        assertThat(flow.server()).isEqualTo(OLGA);
        assertThat(flow.startNanos()).isEqualTo(BoxRig.START);
        assertThat(flow.lastNanos()).isEqualTo(BoxRig.START + 3);
        assertThat(flow.fromClient()).isEqualTo(new FlowRecord.Traffic(2, 0));
        assertThat(flow.fromServer()).isEqualTo(new FlowRecord.Traffic(2, 700));
        assertThat(flow.identifiedBy()).containsExactly(Planted.ID);
        assertThat(flow.interference().action()).isEmpty();
    }

    @Test
    void an_address_cannot_be_attached_twice() {
        var twice =
                List.<Attachment>of(
                        new Attachment.Outside(OLGA.address(), 1),
                        new Attachment.Outside(OLGA.address(), 2));
        assertThatThrownBy(() ->
                        new Box(
                                new Box.Plan(twice, Policy.IDLE, 1500),
                                List.of(),
                                new Random(1),
                                rig,
                                Tap.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
