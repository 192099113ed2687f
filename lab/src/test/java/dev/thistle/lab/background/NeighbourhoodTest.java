package dev.thistle.lab.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.flow.FlowKey;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Needs;
import dev.thistle.lab.host.Passage;
import dev.thistle.lab.host.Star;
import dev.thistle.lab.scenario.Background;
import dev.thistle.lab.truth.Application;
import dev.thistle.lab.truth.Role;
import dev.thistle.lab.truth.Truth;
import dev.thistle.net.linux.Machine;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One customer of each kind, with whom they talk to, on real packets.
@Timeout(60)
class NeighbourhoodTest {

    private static final Background ONE_OF_EACH = new Background(1, 1, 1, 1, 1);

    private static final Tempo LIVELY =
            new Tempo(
                    Duration.ofMillis(100),
                    Duration.ofMillis(50),
                    Duration.ofMillis(100),
                    4_000_000,
                    500_000);

    @Test
    void everybody_gets_something_done_and_the_truth_knows_every_flow_on_the_wire()
            throws Exception {
        Needs.namespaces(Machine.look());
        var truth = new Truth();
        Set<FlowKey> seen = ConcurrentHashMap.newKeySet();
        try (Star star = star();
                Passage _ = new Passage(star, packet -> seen.add(FlowKey.of(packet)));
                var neighbours = settle(star, truth)) {
            Until.passes(() -> assertThat(idle(neighbours)).isLessThan(Neighbourhood.WEB_SERVERS));
            assertThat(neighbours.progress())
                    .hasSize(5 + 16)
                    .allSatisfy((host, done) -> assertThat(done.failures()).as(host).isZero());
            Until.passes(() -> assertThat(callers(truth, seen)).hasSize(Neighbourhood.VISITORS));
            assertThat(seen).allMatch(flow -> truth.application(flow).isPresent());
            assertThat(seen).allMatch(flow -> truth.customer(flow).isPresent());
            assertThat(seen)
                    .extracting(flow -> truth.application(flow).orElseThrow())
                    .containsAll(
                            EnumSet.complementOf(
                                    EnumSet.of(Application.BITTORRENT, Application.TRACKER)));
        }
    }

    /// How many have not moved a byte; a browser reads one web server at a time.
    private static long idle(Neighbourhood neighbours) {
        return neighbours.progress().values().stream().filter(done -> done.bytes() == 0).count();
    }

    /// Names of all who called the home server.
    private static Set<String> callers(Truth truth, Set<FlowKey> flows) {
        Set<String> names = ConcurrentHashMap.newKeySet();
        for (FlowKey flow : flows) {
            if (truth.application(flow).orElseThrow() == Application.HOME_SERVER) {
                for (var end : List.of(flow.low(), flow.high())) {
                    truth.resident(end.address())
                            .filter(resident -> resident.role() == Role.VISITOR)
                            .ifPresent(resident -> names.add(resident.name()));
                }
            }
        }
        return names;
    }

    @Test
    void a_background_of_nobody_needs_nobody() throws IOException {
        var nobody = new Background(0, 0, 0, 0, 0);
        assertThat(Neighbourhood.outsideHosts(nobody)).isZero();
        try (var neighbours =
                new Neighbourhood(nobody, LIVELY, List.of(), List.of(), new Truth(), 1)) {
            assertThat(neighbours.progress()).isEmpty();
        }
    }

    @Test
    void too_few_hosts_are_refused_in_one_line() {
        List<Host> none = List.of();
        assertThatThrownBy(() -> new Neighbourhood(ONE_OF_EACH, LIVELY, none, none, new Truth(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("0 customers and 0 hosts outside, needed 5 and 16");
    }

    private static Star star() throws IOException {
        return Star.build(
                names("neighbour-", ONE_OF_EACH.customers()),
                names("far-", Neighbourhood.outsideHosts(ONE_OF_EACH)),
                1500);
    }

    private static Neighbourhood settle(Star star, Truth truth) throws IOException {
        return new Neighbourhood(ONE_OF_EACH, LIVELY, star.customers(), star.outside(), truth, 1);
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
