package dev.thistle.lab.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet.Transport;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Place;
import dev.thistle.lab.host.Side;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TruthTest {

    private final Host seeder = host("seeder-1", "10.64.0.1", Side.CUSTOMER);
    private final Host browser = host("browser-1", "10.64.0.2", Side.CUSTOMER);
    private final Host server = host("server-1", "10.128.0.1", Side.OUTSIDE);
    private final Truth truth = new Truth();

    TruthTest() {
        truth.settles(seeder, Role.SEEDER);
        truth.settles(browser, Role.BROWSER);
        truth.settles(server, Role.SERVER);
        truth.listens(Transport.TCP, end(seeder, 6881), Application.BITTORRENT);
        truth.listens(Transport.UDP, end(seeder, 6881), Application.BITTORRENT);
        truth.listens(Transport.TCP, end(server, 443), Application.WEB);
        truth.listens(Transport.UDP, end(server, 6969), Application.TRACKER);
    }

    @AfterEach
    void close() {
        List.of(seeder, browser, server).forEach(Host::close);
    }

    @Test
    void the_end_that_listens_says_what_a_flow_is_for_whichever_it_is() {
        assertThat(truth.application(flow(Transport.TCP, end(browser, 40_000), end(server, 443))))
                .contains(Application.WEB);
        assertThat(truth.application(flow(Transport.TCP, end(seeder, 6881), end(server, 40_000))))
                .contains(Application.BITTORRENT);
    }

    @Test
    void a_port_of_tcp_says_nothing_of_udp_and_a_stranger_nothing_at_all() {
        assertThat(truth.application(flow(Transport.UDP, end(browser, 40_000), end(server, 443))))
                .isEmpty();
        assertThat(truth.application(flow(Transport.TCP, end(browser, 40_000), end(server, 80))))
                .isEmpty();
    }

    @Test
    void a_peer_that_calls_a_tracker_from_its_own_port_announces() {
        assertThat(truth.application(flow(Transport.UDP, end(seeder, 6881), end(server, 6969))))
                .contains(Application.TRACKER);
    }

    @Test
    void a_port_or_an_address_cannot_be_two_things() {
        assertThatThrownBy(() -> truth.listens(Transport.TCP, end(server, 443), Application.BACKUP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TCP 10.128.0.1:443 is web, not backup");
        assertThatThrownBy(() -> truth.settles(server, Role.VISITOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not visitor");
    }

    @Test
    void a_row_tells_customer_role_and_how_it_ended_at_each_end() {
        var low = new LinkLife(end(seeder, 6881), end(server, 40_000), 0, 50, Ending.RESET);
        var high = new LinkLife(end(server, 40_000), end(seeder, 6881), 0, 60, Ending.RESET);
        Connection killed = ConnectionLedger.pair(List.of(low, high)).getFirst();
        assertThat(TruthRow.of(truth, killed))
                .isEqualTo(
                        new TruthRow(
                                "TCP 10.64.0.1:6881 10.128.0.1:40000",
                                "bittorrent",
                                "seeder-1",
                                "seeder",
                                "reset",
                                "reset",
                                "killed"));
    }

    @Test
    void a_row_of_an_unwatched_flow_says_so() {
        FlowKey web = flow(Transport.TCP, end(browser, 40_000), end(server, 443));
        assertThat(TruthRow.of(truth, web))
                .isEqualTo(
                        new TruthRow(
                                "TCP 10.64.0.2:40000 10.128.0.1:443",
                                "web",
                                "browser-1",
                                "browser",
                                "unwatched",
                                "unwatched",
                                "unwatched"));
    }

    private static FlowKey flow(Transport transport, Endpoint one, Endpoint other) {
        return FlowKey.of(transport, one, other);
    }

    private static Endpoint end(Host host, int port) {
        return new Endpoint(host.address(), port);
    }

    private static Host host(String name, String address, Side side) {
        return new Host(name, InetAddress.ofLiteral(address), side, new Place.Here());
    }
}
