package dev.thistle.engine.torrent;

import dev.thistle.engine.limits.Allowance.Share;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.settings.WebSeedSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot.WebSeedSnapshot;
import dev.thistle.engine.webseeds.WebSeed;
import dev.thistle.engine.webseeds.WebSeedEvent;
import dev.thistle.protocol.metainfo.FileEntry;
import dev.thistle.protocol.metainfo.Metainfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The web seeds of a torrent: which are in use, what each is to fetch next, and what its failures
/// cost it. To the picker they are sources like peers, quick ones that have everything. Owned by
/// the torrent's thread.
final class WebSeeds {

    /// Peers are counted from 0; nobody meets so many.
    private static final int FIRST_NUMBER = 1 << 30;

    /// What one is given to fetch at a time: five seconds' worth, between these.
    private static final int MIN_BATCH_BYTES = 1 << 20;

    private static final int MAX_BATCH_BYTES = 16 << 20;
    private static final int BATCH_SECONDS = 5;

    /// How long each may take to write its last block.
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(30);

    /// One of them, in use or waiting for its turn.
    private static final class Source {
        final String url;
        final WebSeed seed;

        /// What it may be asked for.
        final BitSet pieces;

        final RateMeter rate;
        long downloadedBytes;
        boolean isStarted;
        boolean isFetching;
        boolean isOver;
        int failures;
        long retryAtNanos;
        @Nullable String trouble;

        Source(String url, WebSeed seed, int pieceCount, long nowNanos) {
            this.url = url;
            this.seed = seed;
            this.rate = new RateMeter(nowNanos);
            this.pieces = new BitSet(pieceCount);
            pieces.set(0, pieceCount);
            retryAtNanos = nowNanos;
        }
    }

    private final Metainfo metainfo;
    private final Download download;
    private final WebSeedSettings settings;
    private final Halt halt;
    private final List<Source> sources = new ArrayList<>();

    /// @param share of the line, which they have like peers
    /// @param halt while it is on, nothing new is fetched
    /// @param events of all web seeds, on their threads
    WebSeeds(
            Metainfo metainfo,
            Download download,
            List<String> urls,
            TorrentSettings torrent,
            Surroundings around,
            Share share,
            Halt halt,
            Consumer<WebSeedEvent> events,
            long nowNanos) {
        this.metainfo = metainfo;
        this.download = download;
        this.settings = torrent.webSeeds();
        this.halt = halt;
        for (String url : settings.maxActive() == 0 ? List.<String>of() : urls) {
            var seed =
                    new WebSeed(
                            FIRST_NUMBER + sources.size(),
                            url,
                            metainfo,
                            around.http(),
                            around.userAgent(),
                            torrent.localTargets(),
                            settings.patience(),
                            remote -> share.tolls(remote).down(),
                            events);
            sources.add(new Source(url, seed, metainfo.pieceCount(), nowNanos));
        }
    }

    /// Gives those that have nothing to do something to fetch. The first ones of the list that are
    /// not in trouble are in use, the others are in reserve.
    void tick(long nowNanos) {
        int active = 0;
        for (Source source : sources) {
            source.rate.update(source.downloadedBytes, nowNanos);
            boolean isDue = !source.isOver && nowNanos - source.retryAtNanos >= 0;
            if (active < settings.maxActive() && (source.isFetching || isDue)) {
                active++;
                ask(source, nowNanos);
            }
        }
    }

    private void ask(Source source, long nowNanos) {
        if (source.isFetching || download.isFinished()) {
            return;
        }
        long wanted = BATCH_SECONDS * source.rate.bytesPerSecond();
        int maxBytes = Math.clamp(wanted, MIN_BATCH_BYTES, MAX_BATCH_BYTES);
        List<WebSeed.Part> batch =
                download.takeRun(source.seed.number(), source.pieces, maxBytes, nowNanos);
        if (!batch.isEmpty()) {
            if (!source.isStarted) {
                source.isStarted = true;
                source.seed.start();
            }
            source.isFetching = true;
            source.seed.fetch(batch);
        }
    }

    void heard(WebSeedEvent event, long nowNanos) {
        Source source = source(event.number());
        switch (event) {
            case WebSeedEvent.Delivered delivered -> {
                source.downloadedBytes += delivered.lengthBytes();
                if (!source.isOver) {
                    source.failures = 0;
                    source.trouble = null;
                }
                download.delivered(delivered);
            }
            case WebSeedEvent.Finished _ -> {
                source.isFetching = false;
                if (!source.isOver && !halt.isOn()) {
                    ask(source, nowNanos);
                }
            }
            case WebSeedEvent.GaveUp gaveUp -> gaveUp(source, gaveUp, nowNanos);
            case WebSeedEvent.StoreFailed _ -> {
                source.isFetching = false;
                download.givenUp(event.number());
            }
        }
    }

    static boolean isNumber(int number) {
        return number >= FIRST_NUMBER;
    }

    private Source source(int number) {
        return sources.get(number - FIRST_NUMBER);
    }

    /// Never uses this one again.
    void end(String reason, int number) {
        end(source(number), reason);
    }

    private void gaveUp(Source source, WebSeedEvent.GaveUp event, long nowNanos) {
        source.isFetching = false;
        download.givenUp(event.number());
        source.trouble = event.reason();
        event.lacking().ifPresent(file -> withdraw(source, file));
        if (event.isOver() || source.pieces.isEmpty()) {
            end(source, event.reason());
        } else if (event.lacking().isEmpty()) {
            Duration wait = event.retryAfter().orElseGet(() -> usualWait(source.failures));
            source.failures++;
            source.retryAtNanos = nowNanos + wait.toNanos();
        }
    }

    private Duration usualWait(int failures) {
        Duration wait = settings.retryAfter().multipliedBy(1L << Math.min(failures, 10));
        return wait.compareTo(MAX_RETRY_AFTER) < 0 ? wait : MAX_RETRY_AFTER;
    }

    /// It does not have this file, so it has no piece that the file has a part of.
    private void withdraw(Source source, FileEntry file) {
        int first = (int) (file.position() / metainfo.pieceLengthBytes());
        int last = (int) ((file.end() - 1) / metainfo.pieceLengthBytes());
        source.pieces.clear(first, Math.min(last + 1, metainfo.pieceCount()));
    }

    private void end(Source source, String reason) {
        source.isOver = true;
        source.isFetching = false;
        source.trouble = reason;
        source.seed.stop();
        download.givenUp(source.seed.number());
    }

    /// Payload from all of them.
    long downloadedBytes() {
        return sources.stream().mapToLong(source -> source.downloadedBytes).sum();
    }

    List<WebSeedSnapshot> snapshots() {
        return sources.stream()
                .map(source ->
                        new WebSeedSnapshot(
                                source.url,
                                source.isFetching,
                                source.isOver,
                                source.downloadedBytes,
                                source.rate.bytesPerSecond(),
                                Optional.ofNullable(source.trouble)))
                .toList();
    }

    /// Breaks off all of them.
    void stop() {
        sources.forEach(source -> source.seed.stop());
    }

    /// Waits for their threads, which may still be writing.
    ///
    /// @return whether all have ended
    boolean join() throws InterruptedException {
        boolean all = true;
        for (Source source : sources) {
            all &= source.seed.join(FAREWELL);
        }
        return all;
    }
}
