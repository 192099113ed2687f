package dev.thistle.engine.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ExternalAddressTest {

    private static final byte[] TRUE = {80, 4, 4, (byte) 200};
    private static final byte[] FALSE = {66, 6, 6, 6};

    private final ExternalAddress external = new ExternalAddress();

    private static InetAddress ip(String text) throws Exception {
        return InetAddress.ofLiteral(text);
    }

    @Test
    void one_tracker_is_believed() throws Exception {
        external.vote("tracker.example", TRUE);
        assertThat(external.ipv4()).contains(InetAddress.getByAddress(TRUE));
        assertThat(external.ipv6()).isEmpty();
    }

    @Test
    void a_lying_tracker_is_outvoted_by_two_however_often_it_speaks() throws Exception {
        external.vote("a.example", TRUE);
        external.vote("b.example", TRUE);
        external.vote("liar.example", FALSE);
        external.vote("liar.example", FALSE);
        external.vote("liar.example", FALSE);
        assertThat(external.ipv4()).contains(InetAddress.getByAddress(TRUE));
    }

    @Test
    void of_peers_three_from_different_networks_are_believed() throws Exception {
        external.vote(ip("1.1.1.1"), TRUE);
        external.vote(ip("1.1.1.2"), TRUE);
        external.vote(ip("1.1.1.3"), TRUE);
        external.vote(ip("2.2.2.2"), TRUE);
        assertThat(external.ipv4()).as("two networks").isEmpty();
        external.vote(ip("2001:db8::1"), TRUE);
        assertThat(external.ipv4()).contains(InetAddress.getByAddress(TRUE));
    }

    @Test
    void a_network_of_liars_has_one_vote() throws Exception {
        external.vote("tracker.example", TRUE);
        external.vote(ip("2.2.2.2"), TRUE);
        for (int host = 0; host < 256; host++) {
            external.vote(ip("6.6.6." + host), FALSE);
            external.vote(ip("6.6.7." + host), FALSE);
        }
        assertThat(external.ipv4()).contains(InetAddress.getByAddress(TRUE));
    }

    @Test
    void a_peer_that_changes_its_mind_still_has_one_vote() throws Exception {
        for (int peer = 1; peer < 4; peer++) {
            external.vote(ip(peer + ".1.1.1"), FALSE);
        }
        for (int peer = 1; peer < 4; peer++) {
            external.vote(ip(peer + ".1.1.1"), TRUE);
        }
        assertThat(external.ipv4()).contains(InetAddress.getByAddress(TRUE));
    }

    @Test
    void what_nobody_can_be_called_by_is_passed_over() {
        external.vote("a", new byte[4]);
        external.vote("b", new byte[] {127, 0, 0, 1});
        external.vote("c", new byte[] {(byte) 239, 1, 1, 1});
        external.vote("d", new byte[7]);
        assertThat(external.ipv4()).isEmpty();
    }
}
