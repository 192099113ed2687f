package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// libtorrent through its Python binding and our own script, `lt_peer.py`.
///
/// Protection: the encryption policy of both directions is disabled or forced, and the allowed
/// level is one of plaintext and RC4.
public final class Libtorrent implements BitTorrentClient {

    private static final String PYTHON = "/usr/bin/python3";

    @Override
    public String title() {
        return "libtorrent";
    }

    @Override
    public void need() {
        Needs.success("python3-libtorrent", PYTHON, "-c", "import libtorrent");
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
        Program program = start("seed", job);
        program.await(
                "say ready", Duration.ofSeconds(30), () -> program.output().contains("ready"));
        program.awaitListening(job.port());
        return program;
    }

    @Override
    public Program leech(Job job) throws IOException {
        return start("leech", job);
    }

    @Override
    public void awaitComplete(Program leech, Job job, Payload payload) throws InterruptedException {
        leech.awaitSuccess(Program.LIFETIME);
    }

    private static Program start(String role, Job job) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(PYTHON, script(), role, job.given(), job.data().toString()));
        command.addAll(List.of("--port", Integer.toString(job.port())));
        command.addAll(
                List.of(
                        "--protection",
                        switch (job.protection()) {
                            case PLAINTEXT -> "plaintext";
                            case MSE_PLAINTEXT -> "mse-plaintext";
                            case MSE_RC4 -> "mse-rc4";
                        }));
        job.dial().forEach(peer -> command.addAll(List.of("--dial", peer)));
        return job.host().start(job.home(), command);
    }

    private static String script() {
        URL resource = Objects.requireNonNull(Libtorrent.class.getResource("/lt_peer.py"));
        try {
            return Path.of(resource.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
