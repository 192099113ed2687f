package dev.thistle.cli;

import dev.thistle.engine.Torrent;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `thistle get` and `thistle seed`: one torrent, watched from the terminal. Ctrl-C ends it in good
/// order: what was verified stays, trackers hear goodbye.
final class Transfer {

    /// How often the torrent is looked at.
    private static final Duration GLANCE = Duration.ofMillis(100);

    /// Between lines about seeding: a log of a day stays readable.
    private static final Duration LINE_EVERY = Duration.ofMinutes(1);

    private final Console console;
    private final Patience patience;
    private final EncryptionPolicy policy;
    private final int port;
    private final RateLimits rates;

    Transfer(
            Console console,
            Patience patience,
            EncryptionPolicy policy,
            int port,
            RateLimits rates) {
        this.console = console;
        this.patience = patience;
        this.policy = policy;
        this.port = port;
        this.rates = rates;
    }

    int get(
            String from,
            Path dir,
            List<HostPort> peers,
            FileSelection selection,
            SeedingGoal after,
            boolean json)
            throws IOException, InterruptedException {
        requirePort();
        after.requireValid();
        TorrentSource source = TorrentSource.read(from, patience);
        List<PeerAddress> addresses = new ArrayList<>();
        for (HostPort peer : peers) {
            addresses.addAll(peer.peers());
        }
        boolean hasSource = !addresses.isEmpty() || source.namesSources();
        createFolder(dir);
        String kept = "interrupted: what was verified stays; the same command goes on from there";
        try (var _ = Interruption.of(console, () -> kept);
                var client = Client.open(policy, port, rates)) {
            var resume = ResumeSettings.beside(dir, source.infoHash()).withoutSelection();
            var settings = TorrentSettings.DEFAULT.withResume(resume).withSeeding(after.settings());
            var torrent = source.start(client, new TargetFolder(dir, selection, console), settings);
            torrent.addPeers(addresses);
            var report = new TransferReport(source.infoHash());
            awaitCheck(torrent); // an earlier run may know what a link names
            if (hasSource) {
                awaitMetadata(torrent, report);
                awaitCheck(torrent);
            }
            tellResumed(torrent.snapshot());
            if (!hasSource) {
                requireSource(torrent.snapshot());
            }
            TorrentSnapshot complete = awaitCompletion(torrent, report);
            if (!json) {
                report.print(console, complete, dir);
            }
            try {
                if (after.isAny()) {
                    console.note("seeding on port %d; Ctrl-C stops".formatted(client.port()));
                    awaitEnd(torrent);
                }
            } finally { // Ctrl-C is how seeding usually ends
                if (json) {
                    Json.print(console, report.summary(torrent.snapshot()));
                }
            }
            return 0;
        }
    }

    /// What is complete needs nobody; and a link may name web servers, which are of use once it is
    /// known what it names.
    private static void requireSource(TorrentSnapshot look) throws IOException {
        if (!look.isFinished() && look.webSeeds().isEmpty()) {
            throw new IOException(
                    "nowhere to download from: the torrent names no tracker; add --peer HOST:PORT");
        }
    }

    private static void createFolder(Path dir) throws IOException {
        try {
            Files.createDirectories(dir);
        } catch (FileAlreadyExistsException file) {
            throw new NotDirectoryException(file.getFile());
        }
    }

    private void requirePort() throws UsageException {
        if (port < 0 || port > 0xFFFF) {
            throw new UsageException("--port %d, allowed 0 to 65535".formatted(port));
        }
    }

    int seed(String from, Path dir, SeedingGoal goal, boolean superSeeding)
            throws IOException, InterruptedException {
        requirePort();
        goal.requireValid();
        Metainfo metainfo = TorrentFiles.read(from, patience);
        if (!Files.isDirectory(dir)) {
            throw new NotDirectoryException(dir.toString());
        }
        try (var _ = Interruption.of(console, () -> "interrupted: seeding stops");
                var client = Client.open(policy, port, rates)) {
            var torrent =
                    client.add(
                            metainfo,
                            FileStore.open(dir, metainfo, false),
                            TorrentSettings.DEFAULT
                                    .withResume(resume(dir, metainfo))
                                    .withSeeding(goal.settings().withSuperSeeding(superSeeding)));
            awaitCheck(torrent);
            TorrentSnapshot checked = torrent.snapshot();
            if (!checked.isComplete()) {
                throw new IOException(
                        "%s holds %s of %s; thistle get %s -o %s completes it"
                                .formatted(
                                        dir,
                                        Console.bytes(checked.verifiedBytes()),
                                        Console.bytes(checked.lengthBytes()),
                                        from,
                                        dir));
            }
            console.say(
                    "seeding %s on port %d (encryption %s, cipher %s); Ctrl-C stops"
                            .formatted(
                                    metainfo.name(),
                                    client.port(),
                                    policy.level().name().toLowerCase(Locale.ROOT),
                                    policy.cipher().name().toLowerCase(Locale.ROOT)));
            awaitEnd(torrent);
            return 0;
        }
    }

    /// Beside the data, as [#get] does, so that data which did not change is not hashed again;
    /// nowhere, if nothing may be written there.
    private static ResumeSettings resume(Path dir, Metainfo metainfo) {
        return Files.isWritable(dir)
                ? ResumeSettings.beside(dir, metainfo.infoHash()).withoutSelection()
                : ResumeSettings.DEFAULT;
    }

    /// Waits for what a magnet link names.
    private void awaitMetadata(Torrent torrent, TransferReport report)
            throws IOException, InterruptedException {
        var company = new Company(patience.company());
        TorrentSnapshot look = torrent.snapshot();
        try (var progress = new Progress(console, "metadata", 0)) {
            while (look.state() == State.METADATA) {
                pause(torrent.ended());
                look = torrent.snapshot();
                report.failures(look).forEach(progress::note);
                if (company.isMissing(look)) {
                    throw new IOException(alone(look));
                }
            }
        }
        requireAlive(look);
    }

    /// Waits while data from an earlier run is hashed.
    private void awaitCheck(Torrent torrent) throws IOException, InterruptedException {
        TorrentSnapshot look = torrent.snapshot();
        try (var progress = new Progress(console, "checking", look.lengthBytes())) {
            while (look.state() == State.CHECKING) {
                double part = look.checkedPieces() / Math.max(1.0, look.pieceCount());
                progress.at((long) (part * look.lengthBytes()), "");
                pause(torrent.ended());
                look = torrent.snapshot();
            }
            progress.at(look.lengthBytes(), "");
        }
        requireAlive(look);
    }

    /// Says where the download goes on, and what of the earlier runs is not as it was left.
    private void tellResumed(TorrentSnapshot look) {
        look.resumed().remarks().forEach(console::note);
        long found = look.resumed().foundBytes();
        boolean isGoingOn = !look.isFinished() || look.downloadedBytes() > 0;
        if (found > 0 && isGoingOn) {
            console.note(
                    "going on: %s of %s are there and right"
                            .formatted(Console.bytes(found), Console.bytes(look.lengthBytes())));
        }
    }

    /// @return how the torrent looked when its last wanted piece was there
    private TorrentSnapshot awaitCompletion(Torrent torrent, TransferReport report)
            throws IOException, InterruptedException {
        var company = new Company(patience.company());
        TorrentSnapshot look = torrent.snapshot();
        try (var progress = new Progress(console, "downloading", look.wanted().bytes())) {
            while (!torrent.completed().isDone()) {
                pause(torrent.completed());
                look = torrent.snapshot();
                if (look.state() == State.HALTED) {
                    requireAlive(look);
                }
                report.observe(look);
                report.failures(look).forEach(progress::note);
                progress.at(
                        look.wanted().verifiedBytes(),
                        "%s/s, %s"
                                .formatted(
                                        Console.bytes(look.downloadBytesPerSecond()),
                                        Console.count(look.peers().size(), "peer")));
                if (company.isMissing(look)) {
                    throw new IOException(alone(look));
                }
            }
        }
        if (torrent.completed().isCompletedExceptionally()) {
            requireAlive(torrent.ended().join());
        }
        TorrentSnapshot complete = torrent.completed().join();
        report.observe(complete); // small torrents come between two glances
        return complete;
    }

    private String alone(TorrentSnapshot look) {
        String said =
                "nobody to download from: no peer and no tracker was of use for %d s"
                        .formatted(patience.company().toSeconds());
        return look.lastCallFailure()
                .map(reason -> "%s; the last peer called: %s%s".formatted(said, reason, advice()))
                .orElse(said + "; check the network, or name a peer with --peer");
    }

    /// What may be wrong with the other side cannot be seen from here, but what we insist on can.
    private String advice() {
        return switch (policy.level()) {
            case REQUIRE ->
                    " (does it speak MSE with this cipher? --encryption prefer --cipher any takes"
                            + " more)";
            case OFF ->
                    " (does it insist on encryption? --encryption allow --cipher any takes more)";
            case ALLOW, PREFER -> policy.cipher() == Cipher.ANY ? "" : " (--cipher any takes more)";
        };
    }

    /// Until a goal of seeding is reached, or for ever.
    private void awaitEnd(Torrent torrent) throws IOException, InterruptedException {
        long lastLine = System.nanoTime();
        while (!torrent.ended().isDone()) {
            pause(torrent.ended());
            TorrentSnapshot look = torrent.snapshot();
            if (System.nanoTime() - lastLine > LINE_EVERY.toNanos()) {
                lastLine = System.nanoTime();
                console.note(
                        "seeding: %s up, %s/s, %s"
                                .formatted(
                                        Console.bytes(look.uploadedBytes()),
                                        Console.bytes(look.uploadBytesPerSecond()),
                                        Console.count(look.peers().size(), "peer")));
            }
        }
        TorrentSnapshot end = torrent.snapshot();
        requireAlive(end);
        end.giving().enough().ifPresent(reason -> console.note("seeding ends: " + reason));
    }

    /// Until the next glance, or until `end`.
    private static void pause(CompletableFuture<?> end) throws InterruptedException {
        try {
            end.get(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException lookAgain) {
            // the snapshot says what happened
        }
    }

    private static void requireAlive(TorrentSnapshot look) throws IOException {
        switch (look.state()) {
            case FAILED -> throw new IOException(look.error().orElse("the torrent failed"));
            case HALTED ->
                    throw new IOException(
                            "%s; what was verified stays, and the same command goes on from there"
                                    .formatted(look.error().orElse("the disk failed")));
            case STOPPED -> {
                if (look.giving().enough().isEmpty()) {
                    throw new IOException("the torrent was stopped");
                }
            }
            case METADATA, CHECKING, DOWNLOADING, SEEDING -> {}
        }
    }
}
