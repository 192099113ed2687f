package dev.thistle.lab.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.lab.scenario.ClientPlan;
import dev.thistle.lab.scenario.SwarmPlan;
import dev.thistle.net.TcpNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.tracker.Tracker;
import dev.thistle.tracker.TrackerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Engines and a tracker on loopback.
@Timeout(60)
class PeerSwarmTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final SwarmPlan PLAN =
            new SwarmPlan(200_000, 16_384, 1, 1, 1, Duration.ofSeconds(5));

    private final InetSocketAddress free =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    private final TcpNetwork network = new TcpNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    private static ClientPlan client(ClientPlan.Tracker tracker) {
        return new ClientPlan(
                Level.REQUIRE,
                Cipher.RC4,
                ClientPlan.PadA.PRINTABLE21,
                tracker,
                ClientPlan.DropResets.NOBODY);
    }

    private SwarmPeer.Place place(String name) {
        return new SwarmPeer.Place(name, free, network, HttpCaller.over(network));
    }

    @ParameterizedTest
    @EnumSource
    void who_comes_early_is_known_and_a_look_adds_up_all_leechers(ClientPlan.Tracker form)
            throws Exception {
        try (Tracker tracker = Tracker.start(TrackerConfig.on(free))) {
            String url = "http://127.0.0.1:%d/announce".formatted(tracker.address().getPort());
            Content content = Content.make(PLAN, form, url, 7);
            tracker.know(Set.of(content.metainfo().infoHash()));
            try (var swarm = new PeerSwarm(content, client(form), 7)) {
                swarm.seed(place("seeder"), PATIENCE);
                assertThat(tracker.stats().peers()).isEqualTo(1);
                assertThat(swarm.look()).isEqualTo(new PeerSwarm.Look(0, 0, 0, 0));

                swarm.leechEarly(place("early"), PATIENCE);
                assertThat(tracker.stats().peers()).isEqualTo(2);

                swarm.leech(place("late"));
                PeerSwarm.Look look = swarm.look();
                assertThat(look.leechers()).isEqualTo(2);
                while (!look.isComplete()) {
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    assertThat(look.verifiedBytes()).isLessThan(400_000);
                    assertThat(look.seederConnections()).isBetween(0, 4);
                    LockSupport.parkNanos(5_000_000);
                    look = swarm.look();
                }
                assertThat(look.verifiedBytes()).isEqualTo(400_000);
                assertThat(look.completed()).isEqualTo(2);
            }
            assertThat(tracker.stats().peers()).as("all have said goodbye").isZero();
            assertThat(tracker.stats().obfuscatedAnnounces() > 0)
                    .isEqualTo(form == ClientPlan.Tracker.OBFUSCATED);
        }
    }

    @Test
    void a_tracker_that_does_not_answer_is_told_with_the_host() {
        Content content =
                Content.make(PLAN, ClientPlan.Tracker.CLEAR, "http://127.0.0.1:1/announce", 7);
        try (var swarm = new PeerSwarm(content, client(ClientPlan.Tracker.CLEAR), 7)) {
            assertThatThrownBy(() -> swarm.seed(place("seeder-1"), Duration.ofSeconds(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "seeder-1: the tracker has not taken its announce within 1 s: ");
        }
    }
}
