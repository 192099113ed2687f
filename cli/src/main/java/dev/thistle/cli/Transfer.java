package dev.thistle.cli;

import dev.thistle.engine.Torrent;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `thistle get` and `thistle seed`: one torrent, watched from the terminal. Ctrl-C ends it in good
/// order: what was verified stays, trackers hear goodbye.
final class Transfer {

    /// How often the torrent is looked at.
    private static final Duration GLANCE = Duration.ofMillis(100);

    /// A download that has met nobody for so long, with every tracker failing, is over.
    private static final Duration LONELY = Duration.ofSeconds(60);

    private final Console console;
    private final EncryptionPolicy policy;
    private final int port;

    Transfer(Console console, EncryptionPolicy policy, int port) {
        this.console = console;
        this.policy = policy;
        this.port = port;
    }

    int get(String from, Path dir, List<String> peers, SeedingGoal after, boolean json)
            throws IOException, InterruptedException {
        Metainfo metainfo = TorrentFiles.read(from);
        List<PeerAddress> addresses = new ArrayList<>();
        for (String peer : peers) {
            addresses.addAll(HostPort.parse(peer).peers());
        }
        boolean hasSource =
                !addresses.isEmpty()
                        || !metainfo.announceList().isEmpty()
                        || !metainfo.obfuscateAnnounceList().isEmpty();
        Files.createDirectories(dir);
        try (var client = Client.open(policy, port)) {
            var torrent = client.add(metainfo, TorrentFiles.store(metainfo, dir, true));
            torrent.addPeers(addresses);
            var report = new TransferReport(metainfo.name(), metainfo.infoHash());
            awaitCheck(torrent);
            if (!torrent.snapshot().isComplete() && !hasSource) {
                throw new IOException(
                        "nowhere to download from: the torrent names no tracker; add --peer HOST:PORT");
            }
            awaitCompletion(torrent, report);
            if (!json) {
                report.print(console, torrent.snapshot(), dir);
            }
            seedUntil(torrent, after);
            if (json) {
                Json.print(console, report.summary(torrent.snapshot()));
            }
            return 0;
        }
    }

    int seed(String from, Path dir) throws IOException, InterruptedException {
        Metainfo metainfo = TorrentFiles.read(from);
        if (!Files.isDirectory(dir)) {
            throw new NotDirectoryException(dir.toString());
        }
        try (var client = Client.open(policy, port)) {
            var torrent = client.add(metainfo, TorrentFiles.store(metainfo, dir, false));
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
                                    TorrentDisplay.printable(metainfo.name()),
                                    client.port(),
                                    policy.level().name().toLowerCase(Locale.ROOT),
                                    policy.cipher().name().toLowerCase(Locale.ROOT)));
            seedUntil(torrent, new SeedingGoal(true, Optional.empty(), Optional.empty()));
            return 0;
        }
    }

    /// Waits while data from an earlier run is hashed.
    private void awaitCheck(Torrent torrent) throws IOException, InterruptedException {
        TorrentSnapshot look = torrent.snapshot();
        try (var progress = new Progress(console, "checking", look.lengthBytes())) {
            while (look.state() == State.CHECKING) {
                long done = look.lengthBytes() * look.checkedPieces() / look.pieceCount();
                progress.at(done, "");
                pause(torrent.ended());
                look = torrent.snapshot();
            }
        }
        requireAlive(look);
    }

    private void awaitCompletion(Torrent torrent, TransferReport report)
            throws IOException, InterruptedException {
        long lonelySince = System.nanoTime();
        TorrentSnapshot look = torrent.snapshot();
        try (var progress = new Progress(console, "downloading", look.lengthBytes())) {
            while (!torrent.completed().isDone()) {
                pause(torrent.completed());
                look = torrent.snapshot();
                report.observe(look);
                report.failures(look).forEach(failure -> console.note(failure));
                progress.at(
                        look.verifiedBytes(),
                        "%s/s, %d peer%s"
                                .formatted(
                                        Console.bytes(look.downloadBytesPerSecond()),
                                        look.peers().size(),
                                        look.peers().size() == 1 ? "" : "s"));
                if (!look.peers().isEmpty()
                        || look.trackers().stream().anyMatch(tracker -> tracker.worked())) {
                    lonelySince = System.nanoTime();
                }
                if (System.nanoTime() - lonelySince > LONELY.toNanos()) {
                    throw new IOException(
                            "nobody to download from: no peer and no tracker answered for %d s;"
                                            .formatted(LONELY.toSeconds())
                                    + " check the network, or name a peer with --peer");
                }
                requireAlive(look);
            }
        }
        requireAlive(torrent.snapshot());
    }

    private void seedUntil(Torrent torrent, SeedingGoal goal)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long lastLine = start;
        while (!goal.isReached(torrent.snapshot(), Duration.ofNanos(System.nanoTime() - start))) {
            pause(torrent.ended());
            TorrentSnapshot look = torrent.snapshot();
            requireAlive(look);
            if (System.nanoTime() - lastLine > LONELY.toNanos()) {
                lastLine = System.nanoTime();
                console.note(
                        "seeding: %s up, %s/s, %d peers"
                                .formatted(
                                        Console.bytes(look.uploadedBytes()),
                                        Console.bytes(look.uploadBytesPerSecond()),
                                        look.peers().size()));
            }
        }
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
        if (look.state() == State.FAILED) {
            throw new IOException(look.error().orElse("the torrent failed"));
        }
    }
}
