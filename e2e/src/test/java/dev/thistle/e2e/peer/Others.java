package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// libtorrent, mktorrent and opentracker in Thistle's place.
///
/// Two cells of the matrix cannot pass with it: libtorrent sends the whole handshake of 68 bytes
/// inside the key exchange, and there Transmission 3.00 hangs up when it selects plaintext.
public final class Others implements Suite {

    private final Libtorrent libtorrent = new Libtorrent();

    @Override
    public String title() {
        return "libtorrent (standing in)";
    }

    @Override
    public void need() {
        libtorrent.need();
        Opentracker.need();
        Needs.program("mktorrent", "mktorrent");
    }

    @Override
    public boolean takesPeers() {
        return libtorrent.takesPeers();
    }

    @Override
    public boolean reads(TorrentVersion version) {
        return version == TorrentVersion.V1;
    }

    @Override
    public boolean dials(Protection protection) {
        return libtorrent.dials(protection);
    }

    @Override
    public Program seed(Job job) throws IOException, InterruptedException {
        return libtorrent.seed(job);
    }

    @Override
    public Program leech(Job job) throws IOException {
        return libtorrent.leech(job);
    }

    @Override
    public void awaitComplete(Program leech, Job job, Payload payload) throws InterruptedException {
        libtorrent.awaitComplete(leech, job, payload);
    }

    @Override
    public void create(
            Host host,
            Path home,
            Path path,
            Path torrent,
            TorrentVersion version,
            List<String> trackers)
            throws IOException, InterruptedException {
        requireV1(version);
        Torrent.make(host, home, path, torrent, trackers);
    }

    @Override
    public Program track(Host host, Path home, int port, Path torrent, TorrentVersion version)
            throws IOException, InterruptedException {
        requireV1(version);
        return Opentracker.start(host, home, port, torrent);
    }

    private static void requireV1(TorrentVersion version) {
        if (version != TorrentVersion.V1) {
            throw new IllegalArgumentException("mktorrent makes v1 only, not " + version);
        }
    }
}
