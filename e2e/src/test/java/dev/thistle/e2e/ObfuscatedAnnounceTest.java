package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lan.Lan;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.peer.Thistle;
import dev.thistle.e2e.wire.Conversation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our client and our tracker, with an observer on the tracker's line (BEP 8): the peers find each
/// other, and the observer learns neither the torrent nor a peer.
class ObfuscatedAnnounceTest {

    private final Thistle thistle = new Thistle();

    @Test
    void an_observer_learns_nothing_from_obfuscated_announces(@TempDir Path home) throws Exception {
        need();
        Payload payload = Payload.multiple(home.resolve("payload"), 4);
        try (var lan = new Lan()) {
            var hosts = new TrackerCase(lan, home);
            Path state = hosts.folder("tracker");
            List<String> urls = List.of(hosts.announceUrl());
            thistle.createObfuscated(hosts.tracker(), state, payload.path(), hosts.torrent(), urls);
            thistle.track(hosts.tracker(), state, TrackerCase.TRACKER_PORT, hosts.torrent());

            List<Conversation> announces = hosts.transfer(thistle, payload, Protection.MSE_RC4);

            assertThat(announces)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(c -> c.sent().text().contains("sha_ih="));
            assertThat(hosts.leaks().in(announces)).isEmpty();
        }
    }

    /// The same with a clear tracker, to show that the observer has eyes.
    @Test
    void an_observer_learns_everything_from_clear_announces(@TempDir Path home) throws Exception {
        need();
        Payload payload = Payload.single(home.resolve("payload"), 5);
        try (var lan = new Lan()) {
            var hosts = new TrackerCase(lan, home);
            Path state = hosts.folder("tracker");
            List<String> urls = List.of(hosts.announceUrl());
            thistle.create(hosts.tracker(), state, payload.path(), hosts.torrent(), urls);
            thistle.track(hosts.tracker(), state, TrackerCase.TRACKER_PORT, hosts.torrent());

            List<Conversation> announces = hosts.transfer(thistle, payload, Protection.MSE_RC4);

            assertThat(hosts.leaks().in(announces))
                    .contains("announce: the info-hash as bytes")
                    .anyMatch(leak -> leak.startsWith("announce: the listening port"))
                    .anyMatch(leak -> leak.startsWith("answer: the address"));
        }
    }

    private void need() {
        Needs.network();
        thistle.need();
    }
}
