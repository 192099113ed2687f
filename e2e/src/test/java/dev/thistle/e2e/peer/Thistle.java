package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Host;
import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Our own program, by its command line and nothing else.
public final class Thistle implements Suite {

    @Override
    public String title() {
        return "Thistle";
    }

    @Override
    public void need() {
        Needs.thistle();
    }

    @Override
    public boolean takesPeers() {
        return true;
    }

    @Override
    public boolean reads(TorrentVersion version) {
        return true;
    }

    @Override
    public boolean dials(Protection protection) {
        return true;
    }

    @Override
    public Program seed(Job job) throws IOException, InterruptedException {
        var command = command("seed", job.torrent().toString(), job.data().toString());
        command.addAll(peerOptions(job));
        Program program = job.host().start(job.home(), command);
        // It listens before its data is checked, and until then every caller is a stranger.
        program.await(
                "check its data",
                Duration.ofSeconds(60),
                () -> program.output().contains("seeding"));
        return program;
    }

    @Override
    public Program leech(Job job) throws IOException {
        var command = command("get", job.given(), "-o", job.data().toString());
        command.addAll(peerOptions(job));
        job.dial().forEach(peer -> command.addAll(List.of("--peer", peer)));
        return job.host().start(job.home(), command);
    }

    @Override
    public void awaitComplete(Program leech, Job job, Payload payload) throws InterruptedException {
        leech.awaitSuccess(Program.LIFETIME);
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
        create(host, home, path, torrent, version, "--tracker", trackers);
    }

    /// The same with trackers that are announced to obfuscated (BEP 8), and only so.
    public void createObfuscated(
            Host host, Path home, Path path, Path torrent, List<String> trackers)
            throws IOException, InterruptedException {
        create(host, home, path, torrent, TorrentVersion.V1, "--obfuscated-tracker", trackers);
    }

    /// A torrent without trackers.
    ///
    /// @param version `--v1`, `--v2` or `--hybrid`
    public void createVersion(Host host, Path home, Path path, Path torrent, String version)
            throws IOException, InterruptedException {
        host.start(home, command("create", path.toString(), "-o", torrent.toString(), version))
                .awaitSuccess(Duration.ofSeconds(30));
    }

    private static void create(
            Host host,
            Path home,
            Path path,
            Path torrent,
            TorrentVersion version,
            String option,
            List<String> trackers)
            throws IOException, InterruptedException {
        var command = command("create", path.toString(), "-o", torrent.toString(), "--no-date");
        command.add("--" + version);
        trackers.forEach(url -> command.addAll(List.of(option, url)));
        host.start(home, command).awaitSuccess(Duration.ofSeconds(30));
    }

    @Override
    public Program track(Host host, Path home, int port, Path torrent, TorrentVersion version)
            throws IOException, InterruptedException {
        Path allow = home.resolve("allow");
        Files.writeString(allow, String.join("\n", Torrent.names(torrent, version)) + "\n");
        // Short, so that who came first hears of who came later.
        var command =
                command(
                        "tracker",
                        "--http",
                        host.at(port),
                        "--interval",
                        "20s",
                        "--allow",
                        allow.toString());
        Program program = host.start(home, command);
        program.awaitListening(port);
        return program;
    }

    private static List<String> command(String... arguments) {
        var command = new ArrayList<>(Needs.launcher());
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> peerOptions(Job job) {
        var options = new ArrayList<>(List.of("--port", Integer.toString(job.port())));
        options.addAll(
                switch (job.protection()) {
                    case PLAINTEXT -> List.of("--encryption", "off");
                    case MSE_PLAINTEXT ->
                            List.of("--encryption", "require", "--cipher", "plaintext");
                    case MSE_RC4 -> List.of("--encryption", "require", "--cipher", "rc4");
                });
        return options;
    }
}
