package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// aria2 1.36. The info-hash that it computes of a hybrid is another one than everybody else's,
/// libtorrent's included (`aria2c -S` shows it), so it meets nobody.
///
/// Protection: MSE can be required, with a lowest level, but not switched off: without the
/// requirement it dials with MSE and falls back to plaintext when the other side hangs up. It
/// cannot be told a peer's address.
///
/// When many pieces have become complete at once it sends a second bitfield in place of as many
/// haves; who hangs up on that loses it for 20 s.
public final class Aria2 implements BitTorrentClient {

    @Override
    public String title() {
        return "aria2";
    }

    @Override
    public void need() {
        Needs.program("aria2c", "aria2");
    }

    @Override
    public boolean takesPeers() {
        return false;
    }

    @Override
    public boolean reads(TorrentVersion version) {
        return version == TorrentVersion.V1;
    }

    @Override
    public boolean dials(Protection protection) {
        return true;
    }

    @Override
    public Program seed(Job job) throws IOException, InterruptedException {
        Program program = start(job, List.of("--check-integrity=true", "--seed-ratio=0.0"));
        program.await(
                "verify its data",
                Duration.ofSeconds(60),
                () -> program.output().contains("Verification finished successfully"));
        program.awaitListening(job.port());
        return program;
    }

    @Override
    public Program leech(Job job) throws IOException {
        return start(job, List.of("--seed-time=0", "--file-allocation=none"));
    }

    @Override
    public void awaitComplete(Program leech, Job job, Payload payload) throws InterruptedException {
        leech.awaitSuccess(Program.LIFETIME);
    }

    private static Program start(Job job, List<String> more) throws IOException {
        var command = new ArrayList<>(List.of("aria2c", "--no-conf=true", "--summary-interval=1"));
        command.addAll(
                List.of(
                        "--enable-dht=false",
                        "--enable-peer-exchange=false",
                        "--bt-enable-lpd=false",
                        "--listen-port=" + job.port(),
                        "--dir=" + job.data()));
        command.addAll(
                switch (job.protection()) {
                    case PLAINTEXT -> List.of("--bt-require-crypto=false");
                    case MSE_PLAINTEXT ->
                            List.of("--bt-require-crypto=true", "--bt-min-crypto-level=plain");
                    case MSE_RC4 ->
                            List.of("--bt-require-crypto=true", "--bt-min-crypto-level=arc4");
                });
        command.addAll(more);
        command.add(job.given());
        return job.host().start(job.home(), command);
    }
}
