package dev.thistle.e2e.peer;

import dev.thistle.e2e.lan.Needs;
import dev.thistle.e2e.lan.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// transmission-cli 3.00. It takes a hybrid's file for broken, whoever made it.
///
/// Protection: "required" offers and takes RC4 only. "Tolerated" dials in plaintext, takes MSE and
/// then selects plaintext if it is offered; so MSE with plaintext payload happens only when the
/// other side does the dialling, and only if that keeps its BitTorrent handshake out of the key
/// exchange: with 48 or 68 bytes of it there Transmission hangs up. It cannot be told a peer's
/// address. Seeding, it takes some ten seconds until it lets a new peer ask.
public final class Transmission implements BitTorrentClient {

    /// Only TCP between peers the tracker named; nothing that looks around.
    private static final String SETTINGS =
            """
            {"utp-enabled": false, "lpd-enabled": false, "dht-enabled": false,
             "pex-enabled": false, "preallocation": 0}
            """;

    private static final int MAX_STARTS = 5;

    @Override
    public String title() {
        return "Transmission";
    }

    @Override
    public void need() {
        Needs.program("transmission-cli", "transmission-cli");
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
        return switch (protection) {
            case PLAINTEXT, MSE_RC4 -> true;
            case MSE_PLAINTEXT -> false;
        };
    }

    @Override
    public Program seed(Job job) throws IOException, InterruptedException {
        Program program = start(job, List.of("-v"));
        program.await(
                "verify its data",
                Duration.ofSeconds(60),
                () -> program.output().contains("Seeding"));
        program.awaitListening(job.port());
        return program;
    }

    @Override
    public Program leech(Job job) throws IOException, InterruptedException {
        return start(job, List.of());
    }

    /// It goes on seeding for ever. Files lose their suffix `.part` when they are complete, and
    /// what it still holds in memory is written when it is asked to end.
    @Override
    public void awaitComplete(Program leech, Job job, Payload payload) throws InterruptedException {
        leech.await(
                "complete its download",
                Program.LIFETIME,
                () -> payload.isThere(job.data()) && leech.output().contains("Seeding"));
        leech.close();
    }

    /// It looks at its torrent after 200 ms and takes one that has not begun by then for one that
    /// was stopped: on a busy machine it says goodbye, with exit code 0, before it did anything.
    /// Then it is started again.
    private static Program start(Job job, List<String> more)
            throws IOException, InterruptedException {
        for (int starts = 1; ; starts++) {
            Program program = startOnce(job, more);
            program.await(
                    "begin",
                    Duration.ofSeconds(30),
                    () -> showsStatus(program.output()) || program.hasEnded());
            if (starts == MAX_STARTS || showsStatus(program.output())) {
                return program;
            }
        }
    }

    private static boolean showsStatus(String output) {
        return Stream.of("Progress:", "local files", "Seeding,").anyMatch(output::contains);
    }

    private static Program startOnce(Job job, List<String> more) throws IOException {
        Files.writeString(job.home().resolve("settings.json"), SETTINGS);
        // Its status lines end in carriage returns and would come by the 4 KiB.
        var command = new ArrayList<>(List.of("stdbuf", "-o0", "transmission-cli", "-M"));
        command.addAll(List.of("-g", job.home().toString()));
        command.add(
                switch (job.protection()) {
                    case PLAINTEXT, MSE_PLAINTEXT -> "-et";
                    case MSE_RC4 -> "-er";
                });
        command.addAll(List.of("-p", Integer.toString(job.port()), "-w", job.data().toString()));
        command.addAll(more);
        command.add(job.given());
        return job.host().start(job.home(), command);
    }
}
