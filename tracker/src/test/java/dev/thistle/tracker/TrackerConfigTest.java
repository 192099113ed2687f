package dev.thistle.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrackerConfigTest {

    private static final InetSocketAddress BIND =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 6969);

    @Test
    void the_defaults_suit_the_open_internet() {
        var config = TrackerConfig.on(BIND);

        assertThat(config.interval()).isEqualTo(Duration.ofMinutes(30));
        assertThat(config.minInterval()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.lists()).isEqualTo(TrackerConfig.Lists.NONE);
        assertThat(config.limits().maxPeersPerAnswer()).isEqualTo(200);
        assertThat(config.trustedProxies()).isEmpty();
        assertThat(config.keepPeerIds()).isTrue();
    }

    @Test
    void every_part_can_be_changed() {
        var lists = new TrackerConfig.Lists(Path.of("a"), null, Path.of("k"));
        var limits = new TrackerConfig.Limits(1, 2, 3, 4, 5, 6, 7, 8);
        var proxies = Set.of(InetAddress.getLoopbackAddress());
        var config =
                TrackerConfig.on(BIND)
                        .withInterval(Duration.ofSeconds(10))
                        .withLists(lists)
                        .withLimits(limits)
                        .withTrustedProxies(proxies);

        assertThat(config)
                .isEqualTo(
                        new TrackerConfig(
                                BIND,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(5),
                                lists,
                                limits,
                                proxies,
                                true));
    }

    @Test
    void what_cannot_be_is_refused_by_name() {
        assertThatThrownBy(() -> TrackerConfig.on(BIND).withInterval(Duration.ZERO))
                .hasMessage("interval: PT0S, allowed PT1S..PT12H");
        assertThatThrownBy(() -> TrackerConfig.on(InetSocketAddress.createUnresolved("nowhere", 1)))
                .hasMessageStartingWith("bind: ");
        assertThatThrownBy(() -> new TrackerConfig.Lists(Path.of("a"), Path.of("d"), null))
                .hasMessage("lists.deny beside lists.allow, allowed only one of them");
        assertThatThrownBy(() -> new TrackerConfig.Limits(0, 1, 1, 1, 1, 1, 1, 1))
                .hasMessage("limits.max-torrents: 0, allowed from 1");
        assertThatThrownBy(() -> new TrackerConfig.Limits(1, 1, 1_001, 1, 1, 1, 1, 1))
                .hasMessage("limits.max-peers-per-answer: 1001, allowed 1..1000");
    }
}
