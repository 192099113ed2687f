package dev.thistle.cli;

import dev.thistle.cli.TorrentCreation.Wanted;
import dev.thistle.engine.Session;
import dev.thistle.engine.Torrent;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.net.Network;
import dev.thistle.net.TcpNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.SafePaths;
import dev.thistle.tracker.Tracker;
import dev.thistle.tracker.TrackerConfig;
import dev.thistle.tracker.TrackerConfig.Lists;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// `thistle demo`: one obfuscated, encrypted download on loopback, explained. Tracker, seeder and
/// leecher are the real ones; between them stand [WireTap]s that record what an ISP would see, and
/// what is printed about the wire is read from those recordings.
final class Demo {

    private static final int FILE_BYTES = 16 * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final EncryptionPolicy HIDDEN = new EncryptionPolicy(Level.REQUIRE, Cipher.RC4);

    private final Console console;

    Demo(Console console) {
        this.console = console;
    }

    int run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("thistle-demo-");
        try (var _ = Interruption.of(console, () -> "interrupted: the demonstration stops")) {
            try {
                return play(folder);
            } finally {
                delete(folder);
            }
        }
    }

    private int play(Path folder) throws IOException, InterruptedException {
        Path data = makeData(folder.resolve("data"));
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (var network = new TcpNetwork();
                var trackerTap = new WireTap(network, loopback)) {
            String announce = "http://127.0.0.1:%d/announce".formatted(trackerTap.port());
            Metainfo metainfo = makeTorrent(data, announce);
            Path known = folder.resolve("known.txt");
            Files.writeString(known, metainfo.infoHash() + "\n");
            TrackerConfig config =
                    TrackerConfig.on(loopback).withLists(new Lists(known, null, null));
            try (Tracker tracker = Tracker.start(config)) {
                trackerTap.forwardTo(tracker.address());
                console.say(
                        "2. tracker started on 127.0.0.1:%d: it knows the torrent from its allow-list"
                                .formatted(tracker.address().getPort()));
                return transfer(folder, metainfo, network, trackerTap);
            }
        }
    }

    private Path makeData(Path data) throws IOException {
        Files.createDirectories(data);
        var random = new SecureRandom();
        for (String name : List.of("one.bin", "two.bin")) {
            byte[] bytes = new byte[FILE_BYTES];
            random.nextBytes(bytes);
            Files.write(data.resolve(name), bytes);
        }
        return data;
    }

    private Metainfo makeTorrent(Path data, String announce)
            throws IOException, InterruptedException {
        byte[] torrent =
                new TorrentCreation(new Console(console.out(), console.err(), 0))
                        .build(
                                data,
                                data.resolveSibling("demo.torrent"),
                                new Wanted(
                                        List.of(),
                                        List.of(announce),
                                        List.of(),
                                        Optional.empty(),
                                        MetaVersion.V1,
                                        false,
                                        Optional.empty(),
                                        false));
        Metainfo metainfo = MetainfoReader.read(ByteBuffer.wrap(torrent));
        console.say(
                "1. torrent created: %s in 2 files, info-hash %s"
                        .formatted(Console.bytes(metainfo.lengthBytes()), metainfo.infoHash()));
        console.say("   its tracker stands in obfuscate-announce-list alone (BEP 8)");
        return metainfo;
    }

    private int transfer(Path folder, Metainfo metainfo, TcpNetwork network, WireTap trackerTap)
            throws IOException, InterruptedException {
        Path downloads = folder.resolve("downloads");
        var peerTap = new TappedNetwork(network);
        var random = new SecureRandom();
        var http = HttpCaller.over(network); // the tap is for what peers say
        try (Session seeder = session(network, http, random);
                Session leecher = session(peerTap, http, random)) {
            Torrent seeding =
                    seeder.add(
                            metainfo,
                            FileStore.open(folder, metainfo, false),
                            TorrentSettings.DEFAULT);
            await("the seeder's announce", seeding, look -> !look.trackers().isEmpty());
            console.say(
                    "3. seeder announced on port %d, MSE with RC4 required"
                            .formatted(seeder.port()));
            Torrent leeching =
                    leecher.add(
                            metainfo,
                            FileStore.open(downloads, metainfo, true),
                            TorrentSettings.DEFAULT);
            var report = new TransferReport(metainfo.infoHash());
            await(
                    "the download",
                    leeching,
                    look -> {
                        report.observe(look);
                        return look.isComplete();
                    });
            console.say("4. leecher asked the tracker and called the seeder");
            TorrentSnapshot complete = leeching.completed().join();
            report.observe(complete);
            console.say("   %s, every piece verified".formatted(report.speed(complete)));
            report.protection().forEach(line -> console.say("   " + line.strip()));
            return judge(folder, downloads, metainfo, trackerTap, peerTap, seeder.port());
        }
    }

    private static Session session(Network network, HttpCaller http, RandomGenerator random)
            throws IOException {
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return Session.open(SessionSettings.of(listen, HIDDEN), network, http, random);
    }

    private interface Condition {
        boolean holds(TorrentSnapshot look);
    }

    private static void await(String what, Torrent torrent, Condition condition)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds(torrent.snapshot())) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException(
                        "%s took over %d s: %s"
                                .formatted(
                                        what, PATIENCE.toSeconds(), torrent.snapshot().trackers()));
            }
            try {
                torrent.ended().get(50, TimeUnit.MILLISECONDS);
                throw new IOException("%s: %s".formatted(what, torrent.snapshot().error()));
            } catch (TimeoutException | ExecutionException notYet) {
                // look again
            }
        }
    }

    /// Compares the files, then looks at the recordings with an observer's eyes.
    private int judge(
            Path folder,
            Path downloads,
            Metainfo metainfo,
            WireTap trackerTap,
            TappedNetwork peerTap,
            int seederPort)
            throws IOException {
        boolean same = true;
        for (List<String> path : SafePaths.of(metainfo)) {
            Path relative =
                    Path.of(path.getFirst(), path.subList(1, path.size()).toArray(String[]::new));
            same &= Files.mismatch(folder.resolve(relative), downloads.resolve(relative)) == -1;
        }
        console.say(
                "5. files compared byte for byte: %s".formatted(same ? "identical" : "DIFFERENT"));
        var observer = new Observer(metainfo.infoHash(), seederPort);
        console.say("6. what somebody on the wire saw:");
        Recordings announces = trackerTap.requests();
        Recordings answers = trackerTap.answers();
        Recordings sent = peerTap.sent();
        Recordings received = peerTap.received();
        console.say("   announce            %s".formatted(firstLine(announces.first())));
        console.say("   leecher to seeder   %s…".formatted(observer.hex(sent.first(), 24)));
        console.say("   seeder to leecher   %s…".formatted(observer.hex(received.first(), 24)));
        console.say("   and could read from all that was recorded:");
        boolean hidden = true;
        hidden &= verdict("the info-hash in an announce", announces.any(observer::seesInfoHash));
        hidden &= verdict("the listening port in an announce", announces.any(observer::seesPort));
        hidden &= verdict("a peer's address in an answer", answers.any(observer::seesAddress));
        hidden &=
                verdict(
                        "BitTorrent's greeting between the peers",
                        either(sent, received, observer::seesBitTorrent));
        hidden &=
                verdict(
                        "the info-hash between the peers",
                        either(sent, received, observer::seesInfoHash));
        if (same && hidden) {
            console.say("7. so all of it was hidden from whoever does not know the info-hash");
            return 0;
        }
        console.error(
                same
                        ? "the demonstration failed: something was visible, see above"
                        : "the demonstration failed: the files differ");
        return Thistle.FAILED;
    }

    private static boolean either(Recordings one, Recordings other, Predicate<byte[]> sees) {
        return one.any(sees) || other.any(sees);
    }

    /// @return whether it stayed hidden
    private boolean verdict(String what, boolean seen) {
        console.say("     %-42s %s".formatted(what, seen ? "YES" : "no"));
        return !seen;
    }

    private static String firstLine(byte[] request) {
        return new String(request, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .map(line -> line.length() > 72 ? line.substring(0, 72) + "…" : line)
                .orElse("");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
