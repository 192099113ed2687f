package dev.thistle.net.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.TcpNetwork;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VethPairTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    @BeforeAll
    static void needs_namespaces() {
        Lab.require();
    }

    @Test
    void two_hosts_talk_tcp_over_a_cable() throws Exception {
        try (var alice = Namespace.create("alice");
                var bob = Namespace.create("bob");
                var alices = new TcpNetwork(alice);
                var bobs = new TcpNetwork(bob)) {
            var there = Lab.address("10.128.0.2");
            VethPair.lay(
                    List.of(
                            new VethPair(
                                    VethEnd.host(alice, Lab.address("10.64.0.1")),
                                    VethEnd.host(bob, there),
                                    1500)));

            try (Listener listener = bobs.listen(new InetSocketAddress(there, 6881));
                    Link link = alices.connect(new InetSocketAddress(there, 6881), LONG);
                    Link accepted = listener.accept()) {
                link.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)), LONG);
                ByteBuffer heard = ByteBuffer.allocate(16);
                accepted.read(heard, LONG);

                assertThat(heard.position()).isEqualTo(5);
                assertThat(accepted.remote().getAddress()).isEqualTo(Lab.address("10.64.0.1"));
            }
        }
    }

    @Test
    void sixty_hosts_hang_on_one_box() throws Exception {
        var cables = new ArrayList<VethPair>();
        try (var box = Namespace.create("box")) {
            for (int i = 1; i <= 60; i++) {
                cables.add(
                        new VethPair(
                                VethEnd.box(box, 100 + i),
                                VethEnd.host(
                                        Namespace.create("h" + i), Lab.address("10.64.0." + i)),
                                1500));
            }
            VethPair.lay(cables);

            assertThat(Lab.output(box, "ip", "-br", "link", "show", "up"))
                    .contains("port101@")
                    .contains("port160@");
        } finally {
            for (VethPair cable : cables) {
                cable.other().namespace().close();
            }
        }
    }
}
