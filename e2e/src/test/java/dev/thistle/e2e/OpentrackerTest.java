package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lan.Lan;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.peer.Opentracker;
import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.peer.Suite;
import dev.thistle.e2e.wire.Conversation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two of ours meet through the tracker most of the world runs.
class OpentrackerTest {

    @TempDir private Path home;

    @Test
    void seeder_and_downloader_find_each_other_through_opentracker() throws Exception {
        Suite ours = Suite.underTest();
        Needs.network();
        Opentracker.need();
        ours.need();
        Payload payload = Payload.single(home.resolve("payload"), 3);
        try (var lan = new Lan()) {
            var hosts = new TrackerCase(lan, home);
            Path state = hosts.folder("tracker");
            ours.create(
                    hosts.tracker(),
                    state,
                    payload.path(),
                    hosts.torrent(),
                    List.of(hosts.announceUrl()));
            Opentracker.start(hosts.tracker(), state, TrackerCase.TRACKER_PORT, hosts.torrent());

            List<Conversation> announces = hosts.transfer(ours, payload, Protection.MSE_RC4);

            assertThat(announces)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(c -> c.sent().text().contains("info_hash="));
        }
    }

    /// Over UDP (BEP 15). A downloader that comes first asks again until it knows the seeder.
    @Test
    void they_find_each_other_over_udp() throws Exception {
        Suite ours = Suite.underTest();
        Needs.network();
        Opentracker.need();
        ours.need();
        Payload payload = Payload.smallFolder(home.resolve("payload"), 3);
        try (var lan = new Lan()) {
            var hosts = new TrackerCase(lan, home);
            Path state = hosts.folder("tracker");
            String url = "udp://" + hosts.tracker().at(TrackerCase.TRACKER_PORT) + "/announce";
            ours.create(hosts.tracker(), state, payload.path(), hosts.torrent(), List.of(url));
            Opentracker.start(hosts.tracker(), state, TrackerCase.TRACKER_PORT, hosts.torrent());

            hosts.move(ours, payload, Protection.MSE_RC4, () -> {});
        }
    }
}
