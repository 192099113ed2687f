package dev.thistle.isp.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Conversation;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Packets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InspectionTest {

    private static final long LIFE = 1000;

    /// Says of every packet that its target is a peer's endpoint, for [#LIFE] nanoseconds.
    private record Accuser(String id) implements Detector {
        @Override
        public List<Verdict> observe(Packet packet, Flow flow) {
            var subject = new Subject.OfEndpoint(packet.target(), packet.nanos() + LIFE);
            return List.of(new Verdict(packet.nanos(), id, subject, "seen", 0, 0));
        }
    }

    /// Says of every packet that its flow is guilty.
    private record Blamer() implements Detector {
        @Override
        public String id() {
            return "blamer";
        }

        @Override
        public List<Verdict> observe(Packet packet, Flow flow) {
            return List.of(OncePerFlow.about(flow, id(), packet, "seen"));
        }
    }

    private static final Endpoint CUSTOMER = Packets.endpoint("10.64.0.1", 1000);

    private final List<Verdict> told = new ArrayList<>();

    private Inspection inspection(int maxEndpoints, Detector... detectors) {
        return new Inspection(List.of(detectors), told::add, _ -> {}, maxEndpoints);
    }

    private static Packet to(int port, long nanos) {
        return Packets.udp(nanos, CUSTOMER, Packets.endpoint("10.128.0.1", port), new byte[1]);
    }

    @Test
    void verdicts_on_endpoints_expire() {
        var inspection = inspection(10, new Accuser("a"));
        Flow flow = inspection.observe(to(1, 0));

        assertThat(inspection.covering(flow, LIFE - 1)).hasSize(1);
        assertThat(inspection.covering(flow, LIFE)).isEmpty();
        inspection.observe(to(2, LIFE + 1));
        assertThat(inspection.endpoints()).as("the expired one was swept").isEqualTo(1);
    }

    @Test
    void a_newer_verdict_of_the_same_detector_takes_the_older_ones_place() {
        var inspection = inspection(10, new Accuser("a"), new Accuser("b"));
        inspection.observe(to(1, 0));
        Flow flow = inspection.observe(to(1, 500));

        assertThat(inspection.covering(flow, 600))
                .extracting(Verdict::detector, Verdict::nanos)
                .containsExactly(tuple("a", 500L), tuple("b", 500L));
        assertThat(told).hasSize(4);
    }

    @Test
    void when_there_are_too_many_the_one_renewed_longest_ago_makes_room() {
        var inspection = inspection(3, new Accuser("a"));
        Flow first = inspection.observe(to(1, 0));
        Flow second = inspection.observe(to(2, 1));
        inspection.observe(to(3, 2));
        inspection.observe(to(1, 3));
        inspection.observe(to(4, 4));

        assertThat(inspection.endpoints()).isEqualTo(3);
        assertThat(inspection.covering(first, 5)).hasSize(1);
        assertThat(inspection.covering(second, 5)).isEmpty();
    }

    @Test
    void the_endpoints_of_a_hostile_tracker_stay_within_the_bound() {
        var inspection = inspection(1000, new Accuser("a"));
        for (int k = 0; k < 100_000; k++) {
            inspection.observe(to(1 + k % 60_000, k / 1000));
        }
        assertThat(inspection.endpoints()).isLessThanOrEqualTo(1000);
    }

    @Test
    void verdicts_on_flows_go_with_their_flow() {
        var inspection = inspection(10, new Blamer());
        var talk = new Conversation("10.64.0.1", 1000, "10.128.0.1", 2000);
        List<Packet> packets = talk.open();
        Flow flow = inspection.observe(packets.getFirst());
        packets.subList(1, 3).forEach(inspection::observe);
        assertThat(inspection.covering(flow, 0)).hasSize(3);
        inspection.close();
        assertThat(inspection.covering(flow, 0)).isEmpty();
    }
}
