package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lan.Capture;
import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Lan;
import dev.thistle.e2e.lan.Program;
import dev.thistle.e2e.peer.BitTorrentClient;
import dev.thistle.e2e.peer.Job;
import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.peer.Torrent;
import dev.thistle.e2e.wire.Conversation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Three hosts: a tracker, a seeder and a downloader of the same client that know nothing of each
/// other but what the tracker tells them, and a witness on the tracker's line.
final class TrackerCase {

    static final int TRACKER_PORT = 6969;

    private static final int SEED_PORT = 6881;
    private static final int LEECH_PORT = 6891;

    /// Announces only: a few packets each.
    private static final int CAPTURED_PACKETS = 2_000;

    private final Path home;
    private final Host tracker;
    private final Host seeder;
    private final Host leecher;

    TrackerCase(Lan lan, Path home) throws IOException {
        this.home = home;
        this.tracker = lan.addHost("tracker");
        this.seeder = lan.addHost("seeder");
        this.leecher = lan.addHost("leecher");
    }

    Host tracker() {
        return tracker;
    }

    Path torrent() {
        return home.resolve("t.torrent");
    }

    String announceUrl() {
        return "http://" + tracker.at(TRACKER_PORT) + "/announce";
    }

    Path folder(String name) throws IOException {
        return Files.createDirectories(home.resolve(name));
    }

    /// What an observer may not learn here.
    AnnounceLeaks leaks() throws IOException {
        return new AnnounceLeaks(
                Torrent.infoHash(torrent()),
                List.of(seeder.address(), leecher.address()),
                List.of(SEED_PORT, LEECH_PORT));
    }

    /// Lets the client move the payload from one to the other and compares the files.
    ///
    /// @return what was said between peers and tracker
    List<Conversation> transfer(BitTorrentClient client, Payload payload, Protection protection)
            throws IOException, InterruptedException {
        Capture capture = tracker.capture("tcp port " + TRACKER_PORT, CAPTURED_PACKETS);
        move(
                client,
                payload,
                protection,
                () -> capture.await("an answer to the seeder", c -> c.answered().length() > 0));
        return capture.finish();
    }

    /// What goes on between seeder and downloader.
    interface Pause {
        void await() throws IOException, InterruptedException;
    }

    /// The same with nobody listening.
    ///
    /// @param pause from the seeder's start to the downloader's
    void move(BitTorrentClient client, Payload payload, Protection protection, Pause pause)
            throws IOException, InterruptedException {
        Path seedState = folder("seed-state");
        client.seed(
                new Job(
                        seeder,
                        seedState,
                        torrent(),
                        payload.folder(),
                        SEED_PORT,
                        protection,
                        List.of()));
        pause.await();
        Path target = folder("target");
        Path leechState = folder("leech-state");
        var job =
                new Job(leecher, leechState, torrent(), target, LEECH_PORT, protection, List.of());
        Program leech = client.leech(job);
        client.awaitComplete(leech, job, payload);
        assertThat(payload.differences(target)).isEmpty();
    }
}
