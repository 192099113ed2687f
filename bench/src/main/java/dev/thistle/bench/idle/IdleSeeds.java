package dev.thistle.bench.idle;

import dev.thistle.bench.Arguments;
import dev.thistle.bench.OwnProcess;
import dev.thistle.engine.Session;
import dev.thistle.engine.Torrent;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.metainfo.TorrentBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What do a thousand idle seeding torrents cost? Question: are it at most 400 MiB of memory and
/// less than 1 % of a core?
///
/// Each torrent is a real file of 64 KiB in four pieces, checked at the start and announced to a
/// tracker of ours, which is another process. With an interval of a minute each torrent announces
/// once in every minute that is measured; the usual half an hour makes announces thirty times as
/// rare.
///
/// Run `scripts/bench idle [TORRENTS [MINUTES [INTERVAL]]]`, with INTERVAL in seconds; compare
/// `bench/baselines/idle.md`.
public final class IdleSeeds {

    private static final int PIECES = 4;
    private static final int PIECE_BYTES = 16 * 1024;

    private final PrintStream out;
    private final int count;
    private final int minutes;

    private IdleSeeds(PrintStream out, int count, int minutes) {
        this.out = out;
        this.count = count;
        this.minutes = minutes;
    }

    /// Ends with 2 after wrong usage.
    public static void main(String[] given) throws Exception {
        try {
            var arguments = new Arguments(given);
            int count = arguments.number("TORRENTS", 0, 1_000, 1, 100_000);
            int minutes = arguments.number("MINUTES", 1, 3, 1, 1_000);
            int interval = arguments.number("INTERVAL", 2, 60, 15, 43_200);
            new IdleSeeds(System.out, count, minutes).measure(interval);
        } catch (IllegalArgumentException wrong) {
            System.err.println("idle: " + wrong.getMessage());
            System.exit(2);
        }
    }

    private void measure(int interval) throws Exception {
        Path folder = Files.createTempDirectory("thistle-idle");
        Process tracker =
                OwnProcess.again(
                        List.of("-XX:+UseSerialGC"),
                        IdleTracker.class,
                        List.of(String.valueOf(interval)));
        try (var answers = tracker.inputReader(StandardCharsets.US_ASCII);
                var questions = new PrintWriter(tracker.outputWriter(), true)) {
            String port = answers.readLine();
            if (port == null) {
                throw new IOException("the tracker did not start");
            }
            String announceUrl = "http://127.0.0.1:%s/announce".formatted(port);
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (var session =
                    Session.open(SessionSettings.of(loopback, EncryptionPolicy.DEFAULT))) {
                seed(session, folder, announceUrl);
                watch(answers, questions);
            }
        } finally {
            tracker.destroy();
            delete(folder);
        }
    }

    private void seed(Session session, Path folder, String announceUrl) throws Exception {
        long begin = System.nanoTime();
        var random = new Random(1);
        List<Torrent> torrents = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            torrents.add(session.add(torrent(folder, n, random, announceUrl), folder));
        }
        for (Torrent torrent : torrents) {
            torrent.completed().get(5, TimeUnit.MINUTES);
        }
        long seeding =
                torrents.stream().filter(it -> it.snapshot().state() == State.SEEDING).count();
        out.printf(
                "%d of %d torrents seed after %.1f s, %.1f s of processors%n",
                seeding, count, (System.nanoTime() - begin) / 1e9, OwnProcess.cpuNanos() / 1e9);
    }

    private static Metainfo torrent(Path folder, int number, Random random, String announceUrl)
            throws Exception {
        String name = "file-%05d".formatted(number);
        var builder = TorrentBuilder.ofFile(name, PIECES * PIECE_BYTES, PIECE_BYTES);
        ByteBuffer content = ByteBuffer.allocate(PIECES * PIECE_BYTES);
        byte[] piece = new byte[PIECE_BYTES];
        for (int n = 0; n < PIECES; n++) {
            random.nextBytes(piece);
            content.put(piece);
            builder.pieceHash(sha1(piece));
        }
        Files.write(folder.resolve(name), content.array());
        return MetainfoReader.read(
                ByteBuffer.wrap(builder.announceTier(List.of(announceUrl)).build()));
    }

    private static byte[] sha1(byte[] piece) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-1").digest(piece);
    }

    private void watch(BufferedReader answers, PrintWriter questions)
            throws IOException, InterruptedException {
        out.println("minute  announces  CPU ms  core percent  RSS MiB  most MiB");
        long announcesBefore = 0;
        for (int minute = 1; minute <= minutes; minute++) {
            long cpuBefore = OwnProcess.cpuNanos();
            TimeUnit.MINUTES.sleep(1);
            double cpuMillis = (OwnProcess.cpuNanos() - cpuBefore) / 1e6;
            questions.println();
            long announces = Long.parseLong(answers.readLine());
            out.printf(
                    "%6d  %9d  %6.0f  %12.2f  %7.0f  %8.0f%n",
                    minute,
                    announces - announcesBefore,
                    cpuMillis,
                    cpuMillis / 600,
                    OwnProcess.residentMib(),
                    OwnProcess.mostResidentMib());
            announcesBefore = announces;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
