package dev.thistle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.box.Attachment;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Side;
import dev.thistle.lab.scenario.BuiltInScenarios;
import dev.thistle.lab.scenario.Scenario;
import dev.thistle.lab.truth.Application;
import dev.thistle.lab.truth.Role;
import dev.thistle.lab.truth.Truth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CastTest {

    private final Scenario scenario;
    private final List<Host> customers;
    private final List<Host> outside;
    private final Cast cast;

    CastTest() throws IOException {
        scenario = BuiltInScenarios.read("isp-vs-bittorrent");
        customers = hosts(Cast.customers(scenario), "10.64.0.", Side.CUSTOMER);
        outside = hosts(Cast.outside(scenario), "10.128.0.", Side.OUTSIDE);
        cast = new Cast(scenario, customers, outside);
    }

    private static List<Host> hosts(List<String> names, String net, Side side) {
        var hosts = new ArrayList<Host>();
        for (String name : names) {
            hosts.add(TrialScript.host(name, net + (hosts.size() + 1), side));
        }
        return hosts;
    }

    @AfterEach
    void close() {
        customers.forEach(Host::close);
        outside.forEach(Host::close);
    }

    @Test
    void names_say_who_plays_which_part() {
        assertThat(cast.seeders()).extracting(Host::name).containsExactly("seeder-1");
        assertThat(cast.insideLeechers())
                .extracting(Host::name)
                .containsExactly("leecher-1", "leecher-2");
        assertThat(cast.outsideLeechers())
                .extracting(Host::name)
                .hasSize(scenario.swarm().outsideLeechers())
                .startsWith("peer-1")
                .allMatch(name -> name.startsWith("peer-"));
        assertThat(cast.tracker().name()).isEqualTo("tracker");
        assertThat(cast.neighbours())
                .hasSize(scenario.background().customers())
                .allMatch(host -> host.name().startsWith("neighbour-"));
        assertThat(cast.strangers())
                .isNotEmpty()
                .allMatch(host -> host.name().startsWith("stranger-"));
    }

    @Test
    void everybody_has_one_part_and_the_swarm_is_all_its_peers() {
        var all = new ArrayList<>(cast.swarm());
        all.add(cast.tracker());
        all.addAll(cast.neighbours());
        all.addAll(cast.strangers());

        assertThat(all).containsExactlyInAnyOrderElementsOf(both()).doesNotHaveDuplicates();
        assertThat(cast.swarm()).hasSize(scenario.swarm().peers());
        assertThat(cast.swarmCustomers())
                .hasSize(3)
                .allMatch(host -> Cast.CUSTOMERS.contains(host.address()));
        assertThat(cast.outsideLeechers())
                .noneMatch(host -> Cast.CUSTOMERS.contains(host.address()));
    }

    private List<Host> both() {
        var both = new ArrayList<>(customers);
        both.addAll(outside);
        return both;
    }

    @Test
    void the_truth_hears_who_is_in_the_swarm_and_of_nobody_else() {
        var truth = new Truth();
        cast.tell(truth);

        assertThat(role(truth, cast.seeders().getFirst())).contains(Role.SEEDER);
        assertThat(role(truth, cast.insideLeechers().getLast())).contains(Role.LEECHER);
        assertThat(role(truth, cast.outsideLeechers().getFirst())).contains(Role.LEECHER);
        assertThat(role(truth, cast.tracker())).contains(Role.TRACKER);
        assertThat(role(truth, cast.neighbours().getFirst())).isEmpty();
        var caller = new Endpoint(cast.outsideLeechers().getFirst().address(), 40_000);
        assertThat(application(truth, caller, cast.seeders().getFirst(), 51_413))
                .contains(Application.BITTORRENT);
        assertThat(application(truth, caller, cast.tracker(), 6969)).contains(Application.TRACKER);
        assertThat(application(truth, caller, cast.seeders().getFirst(), 443)).isEmpty();
        assertThat(cast.announceUrl()).isEqualTo("http://10.128.0.1:6969/announce");
    }

    private static Optional<Role> role(Truth truth, Host host) {
        return truth.resident(host.address()).map(Truth.Resident::role);
    }

    private static Optional<Application> application(
            Truth truth, Endpoint caller, Host called, int port) {
        return truth.application(
                FlowKey.of(Transport.TCP, caller, new Endpoint(called.address(), port)));
    }

    @Test
    void customers_hang_on_the_box_by_their_lines_and_all_others_without() {
        Map<Address, Integer> ports = new HashMap<>();
        both().forEach(host -> ports.put(host.address(), 100 + ports.size()));
        List<Attachment> attachments = cast.attachments(ports);

        assertThat(attachments)
                .extracting(Attachment::address)
                .containsExactlyElementsOf(both().stream().map(Host::address).toList());
        assertThat(attachments)
                .extracting(Attachment::port)
                .containsExactlyElementsOf(
                        both().stream().map(host -> ports.get(host.address())).toList());
        assertThat(attachments.subList(0, customers.size()))
                .allSatisfy(attachment -> {
                    var customer = (Attachment.Customer) attachment;
                    assertThat(customer.up().bitsPerSecond())
                            .isEqualTo(scenario.network().upBitsPerSecond());
                    assertThat(customer.down().bitsPerSecond())
                            .isEqualTo(scenario.network().downBitsPerSecond());
                    assertThat(customer.down().delay()).isEqualTo(scenario.network().delay());
                });
        assertThat(attachments.subList(customers.size(), attachments.size()))
                .hasOnlyElementsOfType(Attachment.Outside.class);
    }

    @Test
    void a_host_that_is_not_on_the_box_is_a_mistake_of_ours() {
        assertThatThrownBy(() -> cast.attachments(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seeder-1 (10.64.0.1) is not on the box");
    }
}
