package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Lan;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import dev.thistle.e2e.peer.Job;
import dev.thistle.e2e.peer.Libtorrent;
import dev.thistle.e2e.peer.Payload;
import dev.thistle.e2e.peer.Protection;
import dev.thistle.e2e.peer.Thistle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Torrents of v2 and hybrids (BEP 52) that we made, exchanged with libtorrent in both directions:
/// a folder of files whose sizes end inside pieces and inside blocks.
class V2InteropTest {

    private static final int OUR_PORT = 6881;
    private static final int THEIR_PORT = 6891;

    private final Thistle ours = new Thistle();
    private final Libtorrent theirs = new Libtorrent();

    @TempDir private Path home;

    @BeforeEach
    void need() {
        Needs.network();
        theirs.need();
        ours.need();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--v2", "--hybrid"})
    void we_download_from_libtorrent(String version) throws Exception {
        Payload payload = Payload.smallFolder(home.resolve("payload"), 3);
        try (var lan = new Lan()) {
            Host host = lan.addHost("ours");
            Host other = lan.addHost("theirs");
            Path torrent = torrent(host, payload, version);
            theirs.seed(job(other, torrent, payload.folder(), THEIR_PORT, List.of()));
            Path target = Files.createDirectories(home.resolve("target"));
            Job job = job(host, torrent, target, OUR_PORT, List.of(other.at(THEIR_PORT)));

            Program leech = ours.leech(job);
            ours.awaitComplete(leech, job, payload);

            assertThat(payload.differences(target)).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--v2", "--hybrid"})
    void libtorrent_downloads_from_us(String version) throws Exception {
        Payload payload = Payload.smallFolder(home.resolve("payload"), 4);
        try (var lan = new Lan()) {
            Host host = lan.addHost("ours");
            Host other = lan.addHost("theirs");
            Path torrent = torrent(host, payload, version);
            ours.seed(job(host, torrent, payload.folder(), OUR_PORT, List.of()));
            Path target = Files.createDirectories(home.resolve("target"));
            Job job = job(other, torrent, target, THEIR_PORT, List.of(host.at(OUR_PORT)));

            Program leech = theirs.leech(job);
            theirs.awaitComplete(leech, job, payload);

            assertThat(payload.differences(target)).isEmpty();
        }
    }

    private Path torrent(Host host, Payload payload, String version) throws Exception {
        Path torrent = home.resolve("t.torrent");
        ours.createVersion(host, home, payload.path(), torrent, version);
        return torrent;
    }

    private Job job(Host host, Path torrent, Path data, int port, List<String> dial)
            throws Exception {
        Path state = Files.createDirectories(home.resolve("state-" + port));
        return new Job(host, state, torrent, data, port, Protection.MSE_RC4, dial);
    }
}
