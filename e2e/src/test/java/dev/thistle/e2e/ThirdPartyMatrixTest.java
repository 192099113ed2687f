package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lan.Capture;
import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Lan;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import dev.thistle.e2e.peer.Aria2;
import dev.thistle.e2e.peer.BitTorrentClient;
import dev.thistle.e2e.peer.Job;
import dev.thistle.e2e.peer.Libtorrent;
import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.peer.Qbittorrent;
import dev.thistle.e2e.peer.Rtorrent;
import dev.thistle.e2e.peer.Suite;
import dev.thistle.e2e.peer.Torrent;
import dev.thistle.e2e.peer.TorrentVersion;
import dev.thistle.e2e.peer.Transmission;
import dev.thistle.e2e.wire.Conversation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Our client and five others exchange 64 MiB in both directions under each protection, by torrent
/// files of v1, and a part of the versions and magnet links (on request all), in namespaces of
/// their own. The files are compared byte for byte, and the protection is read off the wire.
///
/// Who connects to whom is part of the set-up: a client that takes no addresses hears of ours from
/// our tracker, and Transmission, which never dials MSE with plaintext payload, must be in the
/// swarm first, so that ours hears of it and dials.
class ThirdPartyMatrixTest {

    private static final int OUR_PORT = 6881;
    private static final int THEIR_PORT = 6891;
    private static final int TRACKER_PORT = 6969;

    /// Segments come in up to 64 KiB, or 1448 bytes where nothing merges them: between 4 MiB and
    /// all of the transfer.
    private static final int CAPTURED_PACKETS = 4_000;

    @TempDir private static Path folder;

    private static List<Payload> payloads = List.of();

    @BeforeAll
    static void make_payloads() throws IOException {
        payloads =
                List.of(
                        Payload.single(folder.resolve("single"), 1),
                        Payload.multiple(folder.resolve("multiple"), 2));
    }

    enum Direction {
        DOWNLOADS_FROM,
        SEEDS_FOR
    }

    /// What whoever downloads is given: the seeder needs the file in any case.
    enum Given {
        FILE("torrent file"),
        MAGNET("magnet");

        private final String title;

        Given(String title) {
            this.title = title;
        }
    }

    /// One cell of the matrix. Torrents of one file and of several take turns.
    record Case(
            BitTorrentClient client,
            Direction direction,
            Protection protection,
            TorrentVersion version,
            Given given,
            Payload payload) {
        @Override
        public String toString() {
            String what =
                    switch (direction) {
                        case DOWNLOADS_FROM -> "Thistle downloads from %s, %s, %s, %s";
                        case SEEDS_FOR -> "%s downloads from Thistle, %s, %s, %s";
                    };
            return what.formatted(client.title(), protection, version, given.title);
        }
    }

    /// With the system property `thistle.interop.only` those whose names the expression is found
    /// in.
    static List<Case> cases() {
        Pattern only = Pattern.compile(System.getProperty("thistle.interop.only", ""));
        return possible().stream().filter(one -> only.matcher(one.toString()).find()).toList();
    }

    private static List<Case> possible() {
        var cases = new ArrayList<Case>();
        for (BitTorrentClient client :
                List.of(
                        new Libtorrent(),
                        new Transmission(),
                        new Aria2(),
                        new Rtorrent(),
                        new Qbittorrent())) {
            for (TorrentVersion version : TorrentVersion.values()) {
                for (Given given : Given.values()) {
                    for (Protection protection : Protection.values()) {
                        if (client.reads(version)
                                && client.takes(protection)
                                && isAsked(client, protection, version, given)) {
                            Payload payload = payloads.get(cases.size() / 2 % payloads.size());
                            for (Direction direction : Direction.values()) {
                                cases.add(
                                        new Case(
                                                client,
                                                direction,
                                                protection,
                                                version,
                                                given,
                                                payload));
                            }
                        }
                    }
                }
            }
        }
        return cases;
    }

    /// Torrent files of v1 under each protection, links of v1 under RC4 but with rtorrent, where
    /// one direction fails (docs/interop.md); v2 and the links of hybrids under RC4, where the
    /// client reads v2; everything else too, if the system property `thistle.interop` is `all`.
    private static boolean isAsked(
            BitTorrentClient client, Protection protection, TorrentVersion version, Given given) {
        if (System.getProperty("thistle.interop", "usual").equals("all")) {
            return true;
        }
        return switch (version) {
            case V1 ->
                    given == Given.FILE
                            || (protection == Protection.MSE_RC4 && !(client instanceof Rtorrent));
            case V2 -> protection == Protection.MSE_RC4;
            case HYBRID ->
                    protection == Protection.MSE_RC4
                            && given == Given.MAGNET
                            && client.reads(TorrentVersion.V2);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void moves_the_files_under_the_protection(Case one, @TempDir Path home) throws Exception {
        Suite ours = Suite.underTest();
        Needs.network();
        one.client.need();
        ours.need();
        try (var lan = new Lan()) {
            Host host = lan.addHost("ours");
            Host other = lan.addHost("theirs");
            var place = new Place(home, host, other);
            switch (one.direction) {
                case DOWNLOADS_FROM -> download(ours, one, place);
                case SEEDS_FOR -> seed(ours, one, place);
            }
        }
    }

    /// Where one case happens.
    private record Place(Path home, Host ours, Host theirs) {

        Path torrent() {
            return home.resolve("t.torrent");
        }

        Path target() {
            return home.resolve("target");
        }

        Path folder(String name) throws IOException {
            return Files.createDirectories(home.resolve(name));
        }

        Job our(Path data, Protection protection, Optional<String> magnet, List<String> dial)
                throws IOException {
            Path state = folder("our-state");
            return new Job(ours, state, torrent(), data, OUR_PORT, protection, magnet, dial);
        }

        Job their(Path data, Protection protection, Optional<String> magnet, List<String> dial)
                throws IOException {
            Path state = folder("their-state");
            return new Job(theirs, state, torrent(), data, THEIR_PORT, protection, magnet, dial);
        }

        Optional<String> magnet(Case one, List<String> trackers) throws IOException {
            return one.given == Given.MAGNET
                    ? Optional.of(Torrent.magnet(torrent(), one.version, trackers))
                    : Optional.empty();
        }
    }

    private static void download(Suite ours, Case one, Place place) throws Exception {
        Path home = place.folder("create");
        List<String> trackers = List.of();
        ours.create(place.ours, home, one.payload.path(), place.torrent(), one.version, trackers);
        one.client.seed(
                place.their(one.payload.folder(), one.protection, Optional.empty(), List.of()));

        Capture capture = place.ours.capture("tcp", CAPTURED_PACKETS);
        List<String> peer = List.of(place.theirs.at(THEIR_PORT));
        Job job =
                place.our(
                        place.folder("target"), one.protection, place.magnet(one, trackers), peer);
        Program leech = ours.leech(job);
        ours.awaitComplete(leech, job, one.payload);

        assertSame(one, place, capture);
    }

    private static void seed(Suite ours, Case one, Place place) throws Exception {
        boolean tracked = !one.client.takesPeers();
        String url = "http://" + place.ours.at(TRACKER_PORT) + "/announce";
        List<String> trackers = tracked ? List.of(url) : List.of();
        Path home = place.folder("create");
        ours.create(place.ours, home, one.payload.path(), place.torrent(), one.version, trackers);
        if (tracked) {
            ours.track(
                    place.ours,
                    place.folder("tracker"),
                    TRACKER_PORT,
                    place.torrent(),
                    one.version);
        }
        Capture capture = place.theirs.capture("tcp", CAPTURED_PACKETS);
        Job seeding = place.our(one.payload.folder(), one.protection, Optional.empty(), List.of());
        List<String> dial = tracked ? List.of() : List.of(place.ours.at(OUR_PORT));
        Job leeching =
                place.their(
                        place.folder("target"), one.protection, place.magnet(one, trackers), dial);

        Program leech;
        if (one.client.dials(one.protection)) {
            ours.seed(seeding);
            leech = one.client.leech(leeching);
        } else {
            // The tracker's interval is half an hour: whoever came first does not hear of the next.
            leech = one.client.leech(leeching);
            capture.await(
                    "an announce of " + one.client.title(),
                    c -> c.isWithPort(TRACKER_PORT) && c.answered().length() > 0);
            ours.seed(seeding);
        }
        one.client.awaitComplete(leech, leeching, one.payload);

        assertSame(one, place, capture);
    }

    private static void assertSame(Case one, Place place, Capture capture) throws Exception {
        assertThat(one.payload.differences(place.target())).isEmpty();
        Stream<Conversation> peers =
                capture.finish().stream().filter(c -> !c.isWithPort(TRACKER_PORT));
        WireProof.check(one.protection, place.ours.address(), peers.toList(), one.payload);
    }
}
