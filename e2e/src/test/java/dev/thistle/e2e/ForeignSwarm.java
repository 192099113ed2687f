package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lan.Capture;
import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Lan;
import dev.thistle.e2e.lan.Program;
import dev.thistle.e2e.peer.Aria2;
import dev.thistle.e2e.peer.BitTorrentClient;
import dev.thistle.e2e.peer.Job;
import dev.thistle.e2e.peer.Libtorrent;
import dev.thistle.e2e.peer.Opentracker;
import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.peer.Torrent;
import dev.thistle.e2e.peer.Transmission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// A swarm without a peer of ours: libtorrent seeds, libtorrent, aria2 and Transmission download,
/// opentracker introduces them, and beside them somebody fetches the same file over plain HTTP. All
/// of it but the seeder's own announce is recorded at the switch.
final class ForeignSwarm {

    static final int TRACKER_PORT = 6969;
    static final int WEB_PORT = 8000;

    /// None of those that BitTorrent is known by.
    private static final int SEED_PORT = 17_001;

    private static final int FIRST_LEECH_PORT = 17_002;

    /// Segments come in up to 64 KiB, or 1448 bytes where nothing merges them: 16 MiB and what
    /// downloaders give each other, acknowledged, are less.
    private static final int CAPTURED_PACKETS = 60_000;

    private static final int ANNOUNCE_PACKETS = 1_000;
    private static final String PYTHON = "/usr/bin/python3";
    private static final String FETCH =
            "import sys, urllib.request; print(len(urllib.request.urlopen(sys.argv[1]).read()))";

    private final Lan lan;
    private final Path home;
    private final Payload payload;
    private final Protection protection;
    private final Host tracker;
    private final Host seeder;
    private final SequencedMap<BitTorrentClient, Host> leechers = new LinkedHashMap<>();

    ForeignSwarm(Lan lan, Path home, Protection protection) throws IOException {
        this.lan = lan;
        this.home = home;
        this.protection = protection;
        payload = Payload.small(home.resolve("payload"), 6);
        tracker = lan.addHost("tracker");
        seeder = lan.addHost("seeder");
        for (BitTorrentClient client : List.of(new Libtorrent(), new Aria2(), new Transmission())) {
            leechers.put(client, lan.addHost(client.title().toLowerCase(Locale.ROOT)));
        }
    }

    /// Lets everybody download, compares the files and returns what passed the switch.
    SwarmTraffic record() throws IOException, InterruptedException {
        String url = "http://" + tracker.at(TRACKER_PORT) + "/announce";
        Torrent.make(tracker, folder("create"), payload.path(), torrent(), List.of(url));
        Opentracker.start(tracker, folder("tracker"), TRACKER_PORT, torrent());
        seed();

        Path file = home.resolve("traffic.pcap");
        Capture capture = lan.record("tcp", CAPTURED_PACKETS, file);
        browse();
        var running = new ArrayList<Program>();
        var jobs = new ArrayList<Job>();
        for (var leecher : leechers.entrySet()) {
            BitTorrentClient client = leecher.getKey();
            int port = FIRST_LEECH_PORT + jobs.size();
            List<String> dial = client.takesPeers() ? List.of(seeder.at(SEED_PORT)) : List.of();
            Job job = job(leecher.getValue(), client.title(), port, dial);
            jobs.add(job);
            running.add(client.leech(job));
        }
        int next = 0;
        for (BitTorrentClient client : leechers.keySet()) {
            client.awaitComplete(running.get(next), jobs.get(next), payload);
            assertThat(payload.differences(jobs.get(next).data())).as(client.title()).isEmpty();
            next++;
        }
        List<String> ports = jobs.stream().map(job -> job.host().at(job.port())).toList();
        return new SwarmTraffic(
                file, capture.finish(), Torrent.infoHash(torrent()), seeder.at(SEED_PORT), ports);
    }

    /// Where whoever looks at the recording may run.
    Host observatory() {
        return tracker;
    }

    /// Made at need, in the swarm's own folder.
    Path folder(String name) throws IOException {
        return Files.createDirectories(home.resolve(name));
    }

    private Path torrent() {
        return home.resolve("t.torrent");
    }

    /// What the tracker says of the seeder shall be heard from the tracker alone.
    private void seed() throws IOException, InterruptedException {
        Capture announces = tracker.capture("tcp port " + TRACKER_PORT, ANNOUNCE_PACKETS);
        Path state = folder("seed-state");
        new Libtorrent()
                .seed(
                        new Job(
                                seeder,
                                state,
                                torrent(),
                                payload.folder(),
                                SEED_PORT,
                                protection,
                                List.of()));
        announces.await("an answer to the seeder", c -> c.answered().length() > 0);
        announces.close();
    }

    private void browse() throws IOException, InterruptedException {
        Host web = lan.addHost("web");
        Path pages = payload.folder();
        String port = Integer.toString(WEB_PORT);
        Program server = web.start(pages, List.of(PYTHON, "-m", "http.server", port));
        server.awaitListening(WEB_PORT);
        String url = "http://" + web.at(WEB_PORT) + "/" + payload.path().getFileName();
        tracker.start(pages, List.of(PYTHON, "-c", FETCH, url))
                .awaitSuccess(Duration.ofSeconds(30));
    }

    private Job job(Host host, String name, int port, List<String> dial) throws IOException {
        Path target = folder(name + "-target");
        return new Job(host, folder(name + "-state"), torrent(), target, port, protection, dial);
    }
}
