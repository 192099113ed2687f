package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.settings.SeedingSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.metainfo.Metainfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A torrent that was given to others for long enough, or often enough, ends by itself.
@Timeout(60)
class SeedingGoalTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(20 * PIECE);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);

    private final Lab lab = new Lab();
    private final AtomicLong ahead = new AtomicLong();
    private int lastHost;

    @TempDir Path folder;

    @BeforeEach
    void write() throws Exception {
        Files.write(folder.resolve("content"), CONTENT);
    }

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private static TorrentSettings until(Optional<Double> ratio, Optional<Duration> time) {
        return Lab.QUICK.withSeeding(SeedingSettings.DEFAULT.until(ratio, time));
    }

    private static TorrentSettings ratio(double ratio) {
        return until(Optional.of(ratio), Optional.empty());
    }

    private static TorrentSettings time(Duration time) {
        return until(Optional.empty(), Optional.of(time));
    }

    /// Lets time pass until the torrent was seeding for so long: idle, it looks but seldom.
    private void letSeed(Torrent torrent, Duration time) {
        Wait.until(() -> {
            ahead.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            return torrent.snapshot().giving().seeding().compareTo(time) >= 0;
        });
    }

    /// A further run in the folder.
    private Torrent seed(TorrentSettings settings) throws Exception {
        return lab.session(++lastHost, () -> System.nanoTime() + ahead.get())
                .add(
                        METAINFO,
                        FileStore.open(folder, METAINFO, false),
                        settings.withResume(ResumeSettings.beside(folder, METAINFO.infoHash())));
    }

    private void download(int from) throws Exception {
        Torrent leecher =
                lab.session(++lastHost).add(METAINFO, new MemoryStore(CONTENT.length), Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(from)));
        leecher.completed().get();
        leecher.stop().get();
    }

    @Test
    void a_share_ratio_ends_it_and_everybody_hears_why() throws Exception {
        Session session = lab.session(++lastHost);
        var told = new CompletableFuture<String>();
        try (var _ =
                session.listen(event -> {
                    if (event instanceof SessionEvent.SeedingEnded(_, String reason)) {
                        told.complete(reason);
                    }
                })) {
            Torrent seeder = session.add(METAINFO, new MemoryStore(CONTENT), ratio(1.0));
            seeder.completed().get();
            assertThat(seeder.ended()).isNotDone();
            download(1);

            TorrentSnapshot end = seeder.ended().get();
            assertThat(end.state()).isEqualTo(State.STOPPED);
            assertThat(end.error()).isEmpty();
            assertThat(end.giving().ratio()).isGreaterThanOrEqualTo(1.0);
            assertThat(end.giving().enough().orElseThrow())
                    .startsWith("uploaded 1.0")
                    .endsWith("times its size, the goal is 1.0");
            assertThat(told.get()).isEqualTo(end.giving().enough().orElseThrow());
        }
    }

    @Test
    void a_time_ends_it_though_nobody_came() throws Exception {
        Torrent seeder = seed(time(Duration.ofMillis(300)));
        TorrentSnapshot end = seeder.ended().get();
        assertThat(end.giving().seeding()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(end.giving().enough().orElseThrow()).contains("as long as it should");
        assertThat(seeder.completed()).isCompleted();
    }

    @Test
    void a_download_does_not_count_as_seeding() throws Exception {
        Torrent leecher =
                lab.session(++lastHost)
                        .add(METAINFO, new MemoryStore(CONTENT.length), time(Duration.ZERO));
        Wait.until(() -> leecher.snapshot().state() == State.DOWNLOADING);
        Torrent seeder = seed(time(Duration.ofDays(1000)));
        letSeed(seeder, Duration.ofMillis(500));
        assertThat(leecher.snapshot().giving().seeding()).isZero();
        leecher.addPeers(List.of(Lab.address(lastHost)));
        leecher.ended().get();
        assertThat(leecher.completed()).isCompleted();
    }

    @Test
    void what_earlier_runs_gave_counts() throws Exception {
        Torrent first = seed(until(Optional.of(9.0), Optional.of(Duration.ofDays(1000))));
        first.completed().get();
        download(1);
        letSeed(first, Duration.ofMillis(200));
        TorrentSnapshot end = first.stop().get();
        assertThat(end.giving().enough()).isEmpty();

        TorrentSnapshot second = seed(ratio(1.0)).ended().get();
        assertThat(second.uploadedBytes()).isZero();
        assertThat(second.giving().enough()).isPresent();
        TorrentSnapshot third = seed(time(Duration.ofMillis(200))).ended().get();
        assertThat(third.resumed().earlierSeeding()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        assertThat(third.giving().seeding())
                .isGreaterThanOrEqualTo(third.resumed().earlierSeeding());
    }

    @Test
    void goals_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> ratio(-1)).hasMessageContaining("seeding.ratio: -1.0");
        assertThatThrownBy(() -> ratio(Double.NaN)).hasMessageContaining("seeding.ratio: NaN");
        assertThatThrownBy(() -> time(Duration.ofSeconds(-1))).hasMessageContaining("seeding.time");
    }
}
