package dev.thistle.bench.box;

import dev.thistle.bench.box.Carrier.Carried;
import dev.thistle.isp.box.SocketFrames;
import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Star;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/// A customer and a host outside, and an upload between them by one way after the other. Links and
/// hosts stay the same; carrier and connection are new for each turn.
final class Track implements Closeable {

    private static final long START_NANOS = 1_000_000_000;
    private static final long GLANCE_NANOS = 1_000_000;
    private static final Path SNMP = Path.of("/proc/thread-self/net/snmp");

    private final Star star;

    private Track(Star star) {
        this.star = star;
    }

    static Track lay() throws IOException {
        return new Track(Star.build(List.of("customer"), List.of("stranger"), BoxThroughput.MTU));
    }

    /// A second to get going, then the time to measure.
    ///
    /// @throws IOException if the network fails, or the carrier does
    Turn run(Way way, long nanos) throws IOException {
        Host customer = star.customers().getFirst();
        Host stranger = star.outside().getFirst();
        var failure = new CompletableFuture<Exception>();
        var frames = new CountedFrames(SocketFrames.open(star.box(), BoxThroughput.MTU));
        long resentBefore = resent(customer) + resent(stranger);
        Carrier carrier = way.start(star, frames, failure);
        Turn.Window window;
        double othersShare;
        try (carrier;
                var upload = Upload.start(customer, stranger)) {
            pause(START_NANOS);
            var others = new OtherPrograms();
            Glance first = Glance.at(carrier, upload);
            pause(nanos);
            window = Glance.at(carrier, upload).since(first);
            othersShare = others.share();
        }
        if (failure.isDone()) {
            throw new IOException(way.title() + ": " + failure.resultNow(), failure.resultNow());
        }
        var counts = frames.counts();
        var losses =
                new Turn.Losses(
                        counts.missed(),
                        counts.refused(),
                        carrier.carried().dropped(),
                        resent(customer) + resent(stranger) - resentBefore);
        return new Turn(way, window, losses, othersShare);
    }

    /// All numbers of one moment.
    private record Glance(long nanos, long payloadBytes, Carried carried) {

        /// As soon as the carrier has said something new: what it says is a millisecond old then.
        static Glance at(Carrier carrier, Upload upload) {
            long stale = carrier.carried().cpuNanos();
            long giveUpNanos = System.nanoTime() + START_NANOS;
            while (carrier.carried().cpuNanos() == stale && System.nanoTime() < giveUpNanos) {
                pause(GLANCE_NANOS);
            }
            return new Glance(System.nanoTime(), upload.arrivedBytes(), carrier.carried());
        }

        Turn.Window since(Glance first) {
            return new Turn.Window(
                    nanos - first.nanos,
                    payloadBytes - first.payloadBytes,
                    carried.frames() - first.carried.frames(),
                    carried.cpuNanos() - first.carried.cpuNanos());
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static long resent(Host host) throws IOException {
        return TcpCounters.read(host.call(() -> Files.readAllLines(SNMP)), "RetransSegs");
    }

    @Override
    public void close() {
        star.close();
    }
}
