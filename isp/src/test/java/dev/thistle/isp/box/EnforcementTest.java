package dev.thistle.isp.box;

import static dev.thistle.isp.box.BoxRig.ALICE;
import static dev.thistle.isp.box.BoxRig.ALICE_PORT;
import static dev.thistle.isp.box.BoxRig.BOB;
import static dev.thistle.isp.box.BoxRig.OLGA;
import static dev.thistle.isp.box.BoxRig.OLGA_PORT;
import static dev.thistle.isp.box.BoxRig.OTTO;
import static dev.thistle.isp.box.BoxRig.OTTO_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.box.BoxCounters.Reason;
import dev.thistle.isp.detect.Subject;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.policy.Action;
import dev.thistle.isp.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnforcementTest {

    private static final long MILLI = 1_000_000;
    private static final Action.Reset RESET = new Action.Reset(2, Duration.ofMillis(5));

    private static Policy on(Action action) {
        return new Policy(List.of(new Policy.Rule("D-X", action)));
    }

    @Test
    void both_ends_get_resets_at_what_they_expect_after_the_lag() {
        var rig = new BoxRig(on(RESET), Planted.afterBytes(1));
        rig.handshake(ALICE, OLGA);
        rig.tcp(ALICE, OLGA, 1000, 5000, Packet.ACK, 68);
        rig.pass(5 * MILLI - 1);
        assertThat(rig.resetsTo(OLGA_PORT)).isEmpty();
        assertThat(rig.sentTo(OLGA_PORT)).as("the trigger is not held back").hasSize(3);
        rig.pass(1);

        assertThat(rig.resetsTo(OLGA_PORT))
                .extracting(Packet::sequence)
                .containsExactly(1068, 1068);
        assertThat(rig.resetsTo(ALICE_PORT))
                .extracting(Packet::sequence)
                .containsExactly(5000, 5000);
        Packet reset = rig.resetsTo(ALICE_PORT).getFirst();
        assertThat(reset.source()).isEqualTo(OLGA);
        assertThat(reset.target()).isEqualTo(ALICE);
        assertThat(reset.ttl()).as("as the other end's own").isEqualTo(61);
        assertThat(reset.window()).isZero();
        assertThat(rig.box.counters().forged()).isEqualTo(4);
        assertThat(rig.events)
                .filteredOn(BoxEvent.ResetForged.class::isInstance)
                .extracting(event -> ((BoxEvent.ResetForged) event).towards())
                .containsExactlyInAnyOrder(ALICE, OLGA);
        assertThat(rig.seen).filteredOn(BoxRig.Seen::isForged).hasSize(4);
        rig.box.close();
        assertThat(rig.flows.getFirst().interference().resetsForged()).isEqualTo(4);
        assertThat(rig.flows.getFirst().interference().resetByItself()).isFalse();
    }

    @Test
    void data_that_goes_on_after_the_lag_is_answered_with_more_at_its_own_number() {
        var rig = new BoxRig(on(RESET), Planted.afterBytes(1));
        rig.handshake(ALICE, OLGA);
        rig.tcp(ALICE, OLGA, 1000, 5000, Packet.ACK, 100);
        rig.pass(20 * MILLI);
        rig.tcp(OLGA, ALICE, 5000, 1100, Packet.ACK, 0);
        rig.pass(20 * MILLI);
        assertThat(rig.resetsTo(OLGA_PORT)).as("an acknowledgement is no data").hasSize(2);
        rig.tcp(ALICE, OLGA, 1100, 5000, Packet.ACK, 100);
        rig.pass(1 * MILLI);
        rig.tcp(ALICE, OLGA, 1200, 5000, Packet.ACK, 100);
        rig.pass(20 * MILLI);

        assertThat(rig.resetsTo(OLGA_PORT))
                .extracting(Packet::sequence)
                .containsExactly(1100, 1100, 1300, 1300);
    }

    /// The receiver's line is slow, so the reset waits behind data, and its number is that of the
    /// last byte before it, not of the last byte that was seen.
    @Test
    void a_reset_behind_data_in_a_queue_bears_the_number_it_finds_when_it_leaves() {
        var down = LineProfile.of(12_000_000, Duration.ofMillis(30), Duration.ZERO, 0);
        var rig =
                new BoxRig(
                        LineProfile.OPEN,
                        down,
                        on(new Action.Reset(1, Duration.ZERO)),
                        Planted.afterBytes(1));
        rig.handshake(OLGA, ALICE);
        rig.pass(100 * MILLI);
        for (int i = 0; i < 20; i++) {
            rig.tcp(OLGA, ALICE, 1000 + 1000 * i, 5000, Packet.ACK, 1000);
        }
        rig.pass(200 * MILLI);

        int expected = 0;
        for (Packet packet : rig.sentTo(ALICE_PORT)) {
            if (packet.has(Packet.RST)) {
                break;
            }
            expected = packet.sequence() + packet.payloadBytes();
        }
        assertThat(expected).isBetween(2_000, 20_000);
        assertThat(rig.resetsTo(ALICE_PORT).getFirst().sequence()).isEqualTo(expected);
        assertThat(rig.resetsTo(OLGA_PORT).getFirst().sequence()).isEqualTo(5000);
    }

    @Test
    void a_reset_after_a_lost_segment_bears_the_number_of_the_gap() {
        var down = new LineProfile(12_000_000, 3_100, Duration.ZERO, Duration.ZERO, 0);
        var rig =
                new BoxRig(
                        LineProfile.OPEN,
                        down,
                        on(new Action.Reset(1, Duration.ofMillis(5))),
                        Planted.afterBytes(1));
        rig.handshake(OLGA, ALICE);
        rig.tcp(OLGA, ALICE, 1000, 5000, Packet.ACK, 1460);
        rig.tcp(OLGA, ALICE, 2460, 5000, Packet.ACK, 1460);
        rig.tcp(OLGA, ALICE, 3920, 5000, Packet.ACK, 1460); // finds the queue full
        rig.pass(3 * MILLI);
        rig.tcp(OLGA, ALICE, 5380, 5000, Packet.ACK, 1460);
        rig.pass(50 * MILLI);

        assertThat(rig.box.counters().dropped(Reason.LINE_FULL)).isEqualTo(1);
        assertThat(rig.resetsTo(ALICE_PORT)).extracting(Packet::sequence).containsExactly(3920);
    }

    @Test
    void a_verdict_on_an_endpoint_kills_its_other_flows_as_soon_as_they_move() {
        var rig =
                new BoxRig(
                        on(RESET),
                        new Planted(
                                (packet, _) -> packet.payloadBytes() == 77,
                                _ -> new Subject.OfEndpoint(ALICE, BoxRig.after(9_000 * MILLI))));
        rig.handshake(OTTO, ALICE);
        rig.pass(500 * MILLI);
        rig.handshake(OLGA, ALICE);
        rig.tcp(OLGA, ALICE, 1000, 5000, Packet.ACK, 77);
        rig.pass(50 * MILLI);
        assertThat(rig.resetsTo(OLGA_PORT)).hasSize(2);
        assertThat(rig.resetsTo(OTTO_PORT)).isEmpty();
        rig.tcp(ALICE, OTTO, 5000, 1000, Packet.ACK, 10);
        rig.pass(50 * MILLI);

        assertThat(rig.resetsTo(OTTO_PORT))
                .extracting(Packet::sequence)
                .containsExactly(5010, 5010);
    }

    @Test
    void a_new_connection_to_a_flagged_endpoint_dies_when_both_ends_have_it() {
        var rig =
                new BoxRig(
                        on(new Action.Reset(1, Duration.ZERO)),
                        new Planted(
                                (packet, _) -> packet.payloadBytes() == 77,
                                _ -> new Subject.OfEndpoint(ALICE, BoxRig.after(9_000 * MILLI))));
        rig.arrive(Segments.udp(OTTO, ALICE, 77));
        rig.tcp(OLGA, ALICE, 999, 0, Packet.SYN, 0);
        rig.tcp(ALICE, OLGA, 4999, 1000, Packet.SYN | Packet.ACK, 0);
        rig.pass(MILLI);
        assertThat(rig.resetsTo(ALICE_PORT)).isEmpty();
        rig.tcp(OLGA, ALICE, 1000, 5000, Packet.ACK, 0);
        rig.pass(MILLI);

        assertThat(rig.resetsTo(ALICE_PORT)).extracting(Packet::sequence).containsExactly(1000);
        assertThat(rig.resetsTo(OLGA_PORT)).extracting(Packet::sequence).containsExactly(5000);
    }

    @Test
    void a_verdict_that_has_expired_does_nothing() {
        var rig =
                new BoxRig(
                        on(RESET),
                        new Planted(
                                (packet, _) -> packet.payloadBytes() == 77,
                                _ -> new Subject.OfEndpoint(ALICE, BoxRig.after(900 * MILLI))));
        rig.handshake(OLGA, ALICE);
        rig.tcp(OLGA, ALICE, 1000, 5000, Packet.ACK, 77);
        rig.pass(1_000 * MILLI);
        rig.handshake(OTTO, ALICE);
        rig.tcp(ALICE, OTTO, 5000, 1000, Packet.ACK, 10);
        rig.pass(50 * MILLI);

        assertThat(rig.resetsTo(OTTO_PORT)).isEmpty();
    }

    @Test
    void nothing_is_forged_between_addresses_that_are_not_of_the_lab() {
        var stranger = Segments.endpoint("192.0.2.1", 80);
        var rig = new BoxRig(on(RESET), Planted.afterBytes(1));
        var box =
                new Box(
                        new Box.Plan(
                                List.of(
                                        new Attachment.Customer(
                                                ALICE.address(),
                                                1,
                                                LineProfile.OPEN,
                                                LineProfile.OPEN),
                                        new Attachment.Outside(stranger.address(), 2)),
                                on(RESET),
                                1500),
                        List.of(Planted.afterBytes(1)),
                        new Random(1),
                        rig,
                        Tap.NONE);
        box.receive(1, Segments.tcp(ALICE, stranger, 1000, 5000, Packet.ACK, 10), 0);
        box.receive(2, Segments.tcp(stranger, ALICE, 5000, 1010, Packet.ACK, 10), 0);
        assertThat(box.poll(100 * MILLI, (_, frame) -> assertThat(frame.limit()).isEqualTo(64)))
                .isEqualTo(Box.NEVER);

        assertThat(box.counters().refused()).isEqualTo(1);
        assertThat(box.counters().forged()).isZero();
    }

    @Test
    void watching_does_nothing() {
        var rig = new BoxRig(on(new Action.Watch()), Planted.afterBytes(1));
        rig.handshake(ALICE, OLGA);
        rig.tcp(ALICE, OLGA, 1000, 5000, Packet.ACK, 68);
        rig.pass(100 * MILLI);

        assertThat(rig.sent).hasSize(4);
        assertThat(rig.events).hasSize(1).allMatch(BoxEvent.Identified.class::isInstance);
    }

    @Test
    void a_blocked_flow_gets_no_further_and_others_do() {
        var rig =
                new BoxRig(
                        on(new Action.Drop()),
                        new Planted(
                                (packet, _) -> packet.source().equals(ALICE),
                                flow -> new Subject.OfFlow(flow.key())));
        rig.arrive(Segments.udp(ALICE, OLGA, 72));
        rig.arrive(Segments.udp(OLGA, ALICE, 72));
        rig.arrive(Segments.udp(BOB, OLGA, 72));
        rig.pass(1);
        rig.box.close();

        assertThat(rig.sent).hasSize(1);
        assertThat(rig.box.counters().dropped(Reason.BLOCKED)).isEqualTo(2);
        assertThat(rig.events).filteredOn(BoxEvent.Dropped.class::isInstance).hasSize(1);
        assertThat(rig.flows.getFirst().interference().droppedBytes()).isEqualTo(200);
    }

    /// 8 Mbit/s with a burst of ten packets and a queue of five, fed twice as fast for a second.
    @Test
    void a_throttle_passes_its_burst_then_its_rate_and_drops_what_its_queue_cannot_hold() {
        var how = new Action.Throttle(8_000_000, 10_000, 5_000, Action.Scope.FLOW);
        var rig = new BoxRig(on(how), Planted.afterBytes(0));
        for (int i = 0; i < 2_000; i++) {
            rig.arrive(Segments.udp(ALICE, OLGA, 972)); // 1000 bytes of IP: 1 ms at 8 Mbit/s
            rig.pass(MILLI / 2);
        }
        rig.pass(1_000 * MILLI);

        assertThat(rig.sent).hasSizeBetween(1_000 + 10 + 5 - 3, 1_000 + 10 + 5 + 1);
        assertThat(rig.box.counters().dropped(Reason.THROTTLED)).isEqualTo(2_000 - rig.sent.size());
        assertThat(rig.events).filteredOn(BoxEvent.Throttled.class::isInstance).hasSize(1);
        long steady =
                rig.sent.stream()
                        .filter(s ->
                                s.nanos() - BoxRig.START >= 500 * MILLI
                                        && s.nanos() - BoxRig.START < 1_000 * MILLI)
                        .count();
        assertThat(steady).isBetween(499L, 501L);
    }

    @Test
    void flows_of_a_customer_share_a_throttle_and_those_of_another_do_not() {
        var how = new Action.Throttle(8_000_000, 1_500, 2_000, Action.Scope.CUSTOMER);
        var rig = new BoxRig(on(how), Planted.afterBytes(0));
        for (int i = 0; i < 500; i++) {
            rig.arrive(Segments.udp(ALICE, OLGA, 972));
            rig.arrive(Segments.udp(ALICE, OTTO, 972));
            rig.arrive(Segments.udp(BOB, OTTO, 972));
            rig.pass(MILLI);
        }
        rig.pass(MILLI);

        assertThat(rig.sent.stream().filter(s -> s.packet().source().equals(ALICE)))
                .hasSizeBetween(500, 503);
        assertThat(rig.sent.stream().filter(s -> s.packet().source().equals(BOB))).hasSize(500);
    }
}
