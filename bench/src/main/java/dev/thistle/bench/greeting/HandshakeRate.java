package dev.thistle.bench.greeting;

import dev.thistle.bench.Arguments;
import dev.thistle.bench.OwnProcess;
import dev.thistle.engine.peers.Greeted;
import dev.thistle.engine.peers.Greeter;
import dev.thistle.engine.peers.PeerAcceptor;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.net.TcpNetwork;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.mse.PadPolicy;
import dev.thistle.protocol.peer.Handshake;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// How many MSE handshakes a second does one core answer? Question: are it 4,000, or 8,000?
///
/// The whole way of a session over loopback TCP: accept, Diffie-Hellman, finding the torrent among
/// 1,000, two RC4 streams with 1,024 bytes thrown away, the answer, BitTorrent's handshake inside.
/// Callers are another process, whose work is about the same and which takes cores too; so what
/// counts is the processor time of this process by handshake, of all its threads. The first seconds
/// warm up and do not count.
///
/// Run `scripts/bench handshakes [SECONDS [CALLERS]]`; compare `bench/baselines/mse.md`.
public final class HandshakeRate {

    static final int TORRENTS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WARM_SECONDS = 15;

    private HandshakeRate() {}

    /// Ends with 2 after wrong usage.
    public static void main(String[] given) throws IOException, InterruptedException {
        try {
            var arguments = new Arguments(given);
            int seconds = arguments.number("SECONDS", 0, 20, 1, 3_600);
            int callers = arguments.number("CALLERS", 1, 16, 1, 400);
            measure(System.out, seconds, callers);
        } catch (IllegalArgumentException wrong) {
            System.err.println("handshakes: " + wrong.getMessage());
            System.exit(2);
        }
    }

    /// The torrents that are here, the same in both processes.
    static List<InfoHash> torrents() {
        var random = new Random(1);
        return random.ints(TORRENTS)
                .mapToObj(_ -> {
                    byte[] name = new byte[InfoHash.BYTES];
                    random.nextBytes(name);
                    return InfoHash.of(name);
                })
                .toList();
    }

    private static void measure(PrintStream out, int seconds, int callers)
            throws IOException, InterruptedException {
        var answered = new LongAdder();
        var random = new SecureRandom();
        PeerId ourId = PeerId.random("-XX0100-", random);
        try (var network = new TcpNetwork()) {
            var listener =
                    network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (var acceptor =
                    new PeerAcceptor(
                            listener,
                            new Greeter(PadPolicy.RANDOM, random, PATIENCE),
                            new EncryptionPolicy(Level.REQUIRE, Cipher.RC4),
                            (torrent, _) -> Optional.of(new Handshake(0, torrent, ourId)),
                            greeted -> hangUp(greeted, answered),
                            _ -> false,
                            System::nanoTime)) {
                torrents().forEach(acceptor::welcome);
                acceptor.start();
                String port = String.valueOf(listener.address().getPort());
                Process others =
                        OwnProcess.again(
                                List.of("-XX:+UseSerialGC"),
                                HandshakeCallers.class,
                                List.of(port, String.valueOf(callers)));
                try {
                    print(out, seconds, answered);
                } finally {
                    others.destroy();
                }
            }
        }
    }

    private static void hangUp(Greeted greeted, LongAdder answered) {
        answered.increment();
        greeted.link().close();
    }

    private static void print(PrintStream out, int seconds, LongAdder answered)
            throws InterruptedException {
        out.println("second  handshakes  CPU-us each  a second of one core");
        long allBefore = 0;
        long allCpuBefore = 0;
        for (int second = 1; second <= seconds + WARM_SECONDS; second++) {
            long before = answered.sum();
            long cpuBefore = OwnProcess.cpuNanos();
            if (second == WARM_SECONDS + 1) {
                allBefore = before;
                allCpuBefore = cpuBefore;
            }
            TimeUnit.SECONDS.sleep(1);
            line(out, String.valueOf(second), answered.sum() - before, cpuBefore);
        }
        line(out, "all", answered.sum() - allBefore, allCpuBefore);
    }

    private static void line(PrintStream out, String name, long count, long cpuBefore) {
        double cpuNanos = OwnProcess.cpuNanos() - cpuBefore;
        out.printf(
                "%6s  %10d  %11.1f  %20.0f%n",
                name, count, cpuNanos / 1_000 / count, count * 1e9 / cpuNanos);
    }
}
