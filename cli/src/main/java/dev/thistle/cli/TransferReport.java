package dev.thistle.cli;

import dev.thistle.engine.snapshot.Protection;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.PeerSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.TrackerSnapshot;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.tracker.AnnounceForm;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Gathers what a download was like: how long, from whom, and how its bytes were protected.
final class TransferReport {

    /// The document of `--json`.
    ///
    /// @param protectedBytes received bytes by what an observer of the connections could not read
    record Summary(
            String name,
            String infoHash,
            long lengthBytes,
            double seconds,
            long downloadedBytes,
            long uploadedBytes,
            long wastedBytes,
            int failedPieces,
            int peers,
            Map<String, Long> protectedBytes,
            List<TrackerLine> trackers) {}

    record TrackerLine(String url, String form, boolean worked, String result) {}

    private final InfoHash infoHash;
    private final long startNanos = System.nanoTime();
    private long endNanos;
    private final Map<InetSocketAddress, PeerSnapshot> peers = new HashMap<>();
    private final Map<Protection, Long> byEarlierConnections = new EnumMap<>(Protection.class);
    private final Set<String> failuresTold = new HashSet<>();

    TransferReport(InfoHash infoHash) {
        this.infoHash = infoHash;
        endNanos = startNanos;
    }

    void observe(TorrentSnapshot look) {
        endNanos = System.nanoTime();
        look.peers().forEach(this::observe);
    }

    /// An address whose count went back has hung up and is there again.
    private void observe(PeerSnapshot peer) {
        PeerSnapshot before = peers.put(peer.address(), peer);
        if (before != null && before.downloadedBytes() > peer.downloadedBytes()) {
            byEarlierConnections.merge(before.protection(), before.downloadedBytes(), Long::sum);
        }
    }

    /// Trackers that failed, each reason once.
    List<String> failures(TorrentSnapshot look) {
        var failures = new ArrayList<String>();
        for (TrackerSnapshot tracker : look.trackers()) {
            String line = "tracker %s: %s".formatted(tracker.url(), tracker.result());
            if (!tracker.worked() && failuresTold.add(line)) {
                failures.add(line);
            }
        }
        return failures;
    }

    private Map<Protection, Long> protectedBytes() {
        var bytes = new EnumMap<Protection, Long>(byEarlierConnections);
        for (PeerSnapshot peer : peers.values()) {
            if (peer.downloadedBytes() > 0) {
                bytes.merge(peer.protection(), peer.downloadedBytes(), Long::sum);
            }
        }
        return bytes;
    }

    /// `32.0 MiB in 0.5 s (64.0 MiB/s)`.
    String speed(TorrentSnapshot look) {
        double seconds = (endNanos - startNanos) / 1e9;
        long perSecond = Math.round(look.downloadedBytes() / Math.max(seconds, 0.001));
        return "%s in %.1f s (%s/s)"
                .formatted(
                        Console.bytes(look.downloadedBytes()), seconds, Console.bytes(perSecond));
    }

    /// How many bytes came under which protection, a line for each kind.
    List<String> protection() {
        return protectedBytes().entrySet().stream()
                .map(entry ->
                        "%10s by %s".formatted(Console.bytes(entry.getValue()), entry.getKey()))
                .toList();
    }

    void print(Console console, TorrentSnapshot look, Path dir) {
        String what = look.isComplete() ? look.name() : "the selection of " + look.name();
        if (look.downloadedBytes() == 0) {
            console.say(
                    "%s is complete in %s already; nothing was downloaded".formatted(what, dir));
            return;
        }
        console.say(
                "%s is complete in %s: %s, every piece verified".formatted(what, dir, speed(look)));
        protection().forEach(line -> console.say("  " + line));
        for (TrackerSnapshot tracker : look.trackers()) {
            console.say(
                    "  %s %s to %s: %s"
                            .formatted(
                                    tracker.worked() ? "announced" : "not announced",
                                    tracker.form() == AnnounceForm.OBFUSCATED
                                            ? "obfuscated"
                                            : "in the clear",
                                    tracker.url(),
                                    tracker.result()));
        }
    }

    Summary summary(TorrentSnapshot look) {
        var bytes = new HashMap<String, Long>();
        protectedBytes().forEach((protection, count) -> bytes.put(protection.name(), count));
        return new Summary(
                look.name(),
                infoHash.toString(),
                look.lengthBytes(),
                (endNanos - startNanos) / 1e9,
                look.downloadedBytes(),
                look.uploadedBytes(),
                look.wastedBytes(),
                look.failedPieces(),
                peers.size(),
                bytes,
                look.trackers().stream()
                        .map(tracker ->
                                new TrackerLine(
                                        tracker.url(),
                                        tracker.form().name(),
                                        tracker.worked(),
                                        tracker.result()))
                        .toList());
    }
}
