package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// qBittorrent 4.5 without a screen, with the libtorrent that Debian builds it on.
///
/// Protection: it takes and dials plaintext only, or MSE with RC4 only; a plaintext payload behind
/// MSE it refuses. It cannot be told a peer's address but through its web interface.
public final class Qbittorrent implements BitTorrentClient {

    private static final String TORRENTS = "http://127.0.0.1:8080/api/v2/torrents/info";

    /// It has checked every piece and would upload.
    private static final Pattern SEEDING = Pattern.compile("\"state\":\"(uploading|stalledUP)\"");

    @Override
    public String title() {
        return "qBittorrent";
    }

    @Override
    public void need() {
        Needs.program("qbittorrent-nox", "qbittorrent-nox");
        Needs.program("curl", "curl");
    }

    @Override
    public boolean takesPeers() {
        return false;
    }

    @Override
    public boolean takes(Protection protection) {
        return protection != Protection.MSE_PLAINTEXT;
    }

    @Override
    public boolean reads(TorrentVersion version) {
        return true;
    }

    @Override
    public boolean dials(Protection protection) {
        return takes(protection);
    }

    @Override
    public Program seed(Job job) throws IOException, InterruptedException {
        Program program = start(job, List.of("--skip-hash-check"));
        program.awaitListening(job.port());
        return program;
    }

    @Override
    public Program leech(Job job) throws IOException {
        return start(job, List.of());
    }

    /// It goes on seeding for ever. Its web interface tells when it has all: the program that it
    /// runs at the end of a download it leaves out where the last piece came before it had looked
    /// at the result of its first check, and so small a download may be that fast.
    @Override
    public void awaitComplete(Program leech, Job job, Payload payload) throws InterruptedException {
        leech.await("complete its download", Program.LIFETIME, () -> hasAll(job));
        leech.close();
    }

    private static boolean hasAll(Job job) {
        var ask = List.of("curl", "--silent", "--max-time", "5", TORRENTS);
        try (Program curl = job.host().start(job.home(), ask)) {
            curl.await("answer", Duration.ofSeconds(10), curl::hasEnded);
            return SEEDING.matcher(curl.output()).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Program start(Job job, List<String> more) throws IOException {
        Path settings = job.home().resolve("qBittorrent/config/qBittorrent.conf");
        Files.createDirectories(settings.getParent());
        int encryption =
                switch (job.protection()) {
                    case PLAINTEXT -> 2;
                    case MSE_RC4 -> 1;
                    case MSE_PLAINTEXT ->
                            throw new IllegalArgumentException("it refuses " + job.protection());
                };
        Files.writeString(settings, settings(job, encryption));
        var command =
                new ArrayList<>(
                        List.of(
                                "qbittorrent-nox",
                                "--profile=" + job.home(),
                                "--save-path=" + job.data(),
                                "--add-paused=false"));
        command.addAll(more);
        command.add(job.given());
        return job.host().start(job.home(), command);
    }

    private static String settings(Job job, int encryption) {
        return """
        [LegalNotice]
        Accepted=true

        [BitTorrent]
        Session\\Port=%d
        Session\\Encryption=%d
        Session\\BTProtocol=TCP
        Session\\DHTEnabled=false
        Session\\PeXEnabled=false
        Session\\LSDEnabled=false
        Session\\DefaultSavePath=%s
        Session\\QueueingSystemEnabled=false
        Session\\uTPRateLimited=false

        [Network]
        PortForwardingEnabled=false

        [Preferences]
        WebUI\\Enabled=true
        WebUI\\Address=127.0.0.1
        WebUI\\Port=8080
        WebUI\\LocalHostAuth=false
        """
                .formatted(job.port(), encryption, job.data());
    }
}
