package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// rtorrent 0.9.8, as a daemon without its screen.
///
/// Protection: its words are what it takes and tries; required MSE goes with either payload. It
/// cannot be told a peer's address but through its remote interface. A torrent without trackers it
/// refuses when its DHT is disabled; "off" is enough to keep it silent.
public final class Rtorrent implements BitTorrentClient {

    @Override
    public String title() {
        return "rtorrent";
    }

    @Override
    public void need() {
        Needs.program("rtorrent", "rtorrent");
    }

    @Override
    public boolean takesPeers() {
        return false;
    }

    @Override
    public boolean dials(Protection protection) {
        return true;
    }

    @Override
    public Program seed(Job job) throws IOException, InterruptedException {
        Program program = start(job);
        program.await(
                "verify its data", Duration.ofSeconds(60), () -> Files.exists(mark(job, "ready")));
        program.awaitListening(job.port());
        return program;
    }

    @Override
    public Program leech(Job job) throws IOException {
        return start(job);
    }

    /// It goes on seeding for ever.
    @Override
    public void awaitComplete(Program leech, Job job, Payload payload) throws InterruptedException {
        leech.await(
                "complete its download", Program.LIFETIME, () -> Files.exists(mark(job, "done")));
        leech.close();
    }

    private static Path mark(Job job, String name) {
        return job.home().resolve(name);
    }

    private static Program start(Job job) throws IOException {
        Path session = Files.createDirectories(job.home().resolve("session"));
        String encryption =
                switch (job.protection()) {
                    case PLAINTEXT -> "none";
                    case MSE_PLAINTEXT -> "allow_incoming,try_outgoing,require,prefer_plaintext";
                    case MSE_RC4 -> "allow_incoming,try_outgoing,require,require_RC4";
                };
        Path settings = job.home().resolve("rtorrent.rc");
        Files.writeString(settings, settings(job, session, encryption));
        return job.host().start(job.home(), List.of("rtorrent", "-n", "-o", "import=" + settings));
    }

    private static String settings(Job job, Path session, String encryption) {
        return """
        system.daemon.set = true
        directory.default.set = %s
        session.path.set = %s
        network.port_range.set = %d-%d
        network.port_random.set = no
        protocol.encryption.set = %s
        protocol.pex.set = no
        dht.mode.set = off
        trackers.use_udp.set = no
        method.set_key = event.download.finished,done,"execute.nothrow=touch,%s"
        method.set_key = event.download.resumed,ready,"execute.nothrow=touch,%s"
        load.start = "%s"
        """
                .formatted(
                        job.data(),
                        session,
                        job.port(),
                        job.port(),
                        encryption,
                        mark(job, "done"),
                        mark(job, "ready"),
                        job.given());
    }
}
