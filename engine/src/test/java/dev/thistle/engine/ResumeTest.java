package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.resume.ResumeData;
import dev.thistle.engine.resume.ResumeFile;
import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One torrent over several runs, in one folder.
@Timeout(60)
class ResumeTest {

    private static final int PIECE = 64 * 1024;
    private static final int HALF = 40 * PIECE;
    private static final byte[] CONTENT = Lab.content(2 * HALF);
    private static final Metainfo METAINFO =
            Torrents.ofFolder("content", CONTENT, PIECE, HALF, HALF);

    private final Lab lab = new Lab();
    private final GatedStore seeder = new GatedStore(CONTENT);
    private int lastHost = 1;

    @TempDir Path folder;

    @BeforeEach
    void seed() throws Exception {
        lab.session(1).add(METAINFO, seeder, Lab.QUICK).completed().join();
    }

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Path file(int number) {
        return folder.resolve("content/file-" + number);
    }

    private Path resumeFile(Path below) {
        return below.resolve(".thistle-" + METAINFO.infoHash() + ".resume");
    }

    private TorrentSettings settings(Path below) {
        return Lab.QUICK.withResume(
                new ResumeSettings(
                        ResumeSettings.beside(below, METAINFO.infoHash()).file(),
                        Duration.ofMillis(100),
                        true));
    }

    /// A further run in the folder, which no peer is named to.
    private Torrent run() throws IOException {
        return run(folder);
    }

    private Torrent run(Path below) throws IOException {
        Torrent torrent =
                lab.session(++lastHost)
                        .add(METAINFO, FileStore.open(below, METAINFO, true), settings(below));
        Wait.until(() -> torrent.snapshot().state() != State.CHECKING);
        return torrent;
    }

    private TorrentSnapshot finish(Torrent torrent) {
        seeder.open();
        torrent.addPeers(List.of(Lab.address(1)));
        torrent.completed().join();
        return torrent.stop().join();
    }

    /// Gets some pieces and ends in good order.
    private TorrentSnapshot runToTheMiddle() throws IOException {
        seeder.allow(200); // of 320 blocks, 4 a piece; some may wait in its buffers
        Torrent torrent = run();
        torrent.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> torrent.snapshot().verifiedBytes() >= 4L * PIECE);
        TorrentSnapshot end = torrent.stop().join();
        assertThat(end.verifiedBytes()).as("stopped in the middle").isLessThan(CONTENT.length);
        return end;
    }

    private void assertComplete() throws IOException {
        assertThat(file(0)).hasBinaryContent(Arrays.copyOf(CONTENT, HALF));
        assertThat(file(1)).hasBinaryContent(Arrays.copyOfRange(CONTENT, HALF, 2 * HALF));
    }

    @Test
    void the_next_run_trusts_what_the_last_one_left_and_repeats_nothing() throws Exception {
        TorrentSnapshot first = runToTheMiddle();

        Torrent second = run();
        TorrentSnapshot resumed = second.snapshot();
        assertThat(resumed.resumed().trustedPieces() * (long) PIECE)
                .isEqualTo(first.verifiedBytes());
        assertThat(resumed.verifiedBytes()).isEqualTo(first.verifiedBytes());
        assertThat(resumed.checkedPieces()).as("hashed").isZero();
        assertThat(resumed.resumed().earlierDownloadedBytes()).isEqualTo(first.downloadedBytes());
        assertThat(resumed.resumed().foundBytes())
                .isEqualTo(resumed.resumed().trustedPieces() * (long) PIECE);
        assertThat(resumed.resumed().remarks()).isEmpty();

        TorrentSnapshot end = finish(second);
        assertThat(end.downloadedBytes() - end.wastedBytes())
                .as("blocks of unfinished pieces count as well")
                .isLessThanOrEqualTo(
                        CONTENT.length - first.downloadedBytes() + first.wastedBytes());
        assertComplete();
    }

    @Test
    void a_complete_torrent_is_complete_at_once() throws Exception {
        finish(run());
        FileTime saved = Files.getLastModifiedTime(resumeFile(folder));

        Torrent again = run();
        again.completed().join();
        assertThat(again.snapshot().resumed().trustedPieces()).isEqualTo(METAINFO.pieceCount());
        again.stop().join();
        assertThat(Files.getLastModifiedTime(resumeFile(folder)))
                .as("nothing new to save")
                .isEqualTo(saved);
    }

    @Test
    void what_somebody_changed_is_hashed_and_fetched_again() throws Exception {
        finish(run());
        byte[] changed = Arrays.copyOfRange(CONTENT, HALF, 2 * HALF);
        changed[5] ^= 1;
        Files.write(file(1), changed);
        Files.setLastModifiedTime(file(1), FileTime.fromMillis(1_000_000));

        Torrent again = run();
        assertThat(again.snapshot().resumed().trustedPieces()).isEqualTo(40);
        assertThat(again.snapshot().resumed().remarks())
                .singleElement()
                .asString()
                .contains("file-1", "changed since the last run");
        assertThat(again.snapshot().verifiedBytes()).isEqualTo(CONTENT.length - PIECE);
        finish(again);
        assertComplete();
    }

    @Test
    void a_file_that_was_moved_away_is_told_and_fetched_again() throws Exception {
        finish(run());
        Files.move(file(0), folder.resolve("elsewhere"));

        Torrent again = run();
        assertThat(again.snapshot().resumed().remarks())
                .singleElement()
                .asString()
                .contains("file-0", "is gone");
        assertThat(again.snapshot().verifiedBytes()).isEqualTo(HALF);
        finish(again);
        assertComplete();
    }

    @Test
    void a_broken_resume_file_costs_a_check_and_is_replaced() throws Exception {
        finish(run());
        byte[] bytes = Files.readAllBytes(resumeFile(folder));
        bytes[bytes.length / 2] ^= 1;
        Files.write(resumeFile(folder), bytes);

        Torrent again = run();
        TorrentSnapshot look = again.snapshot();
        assertThat(look.resumed().trustedPieces()).isZero();
        assertThat(look.resumed().remarks())
                .singleElement()
                .asString()
                .contains(".resume is not used, everything is checked", "resume.checksum");
        assertThat(look.isComplete()).isTrue();
        again.stop().join();

        assertThat(run().snapshot().resumed().trustedPieces()).isEqualTo(METAINFO.pieceCount());
    }

    @Test
    void a_resume_file_that_cannot_be_saved_stops_nothing() throws Exception {
        Files.createDirectories(resumeFile(folder).resolve("in the way"));

        TorrentSnapshot end = finish(run());

        assertThat(end.state()).isEqualTo(State.STOPPED);
        assertComplete();
    }

    /// A copy of the folder, the resume file first, is what a killed process leaves: data that was
    /// handed to the system, and a resume file of an earlier moment.
    @Test
    void what_a_killed_run_left_is_trusted_and_completed() throws Exception {
        Torrent running = run();
        seeder.allow(0);
        running.addPeers(List.of(Lab.address(1)));
        var images = new ArrayList<Path>();
        for (int i = 1; i <= 3; i++) {
            seeder.allow(100); // of 320 blocks, 4 a piece; some may wait in its buffers
            long enough = 3L * i * PIECE;
            Wait.until(() -> running.snapshot().verifiedBytes() >= enough);
            Path image = Files.createDirectories(folder.resolve("image-" + i));
            copy(folder, image, resumeFile(folder).getFileName());
            copy(folder, image, Path.of("content"));
            copy(folder, image, Path.of("content/file-0"));
            copy(folder, image, Path.of("content/file-1"));
            images.add(image);
        }
        for (Path image : images) {
            Torrent revived = run(image);
            TorrentSnapshot look = revived.snapshot();
            assertThat(look.resumed().remarks()).isEmpty();
            assertThat(look.checkedPieces()).as("hashed").isLessThan(METAINFO.pieceCount());
            finish(revived);
            assertThat(image.resolve("content/file-0"))
                    .hasBinaryContent(Arrays.copyOf(CONTENT, HALF));
            assertThat(image.resolve("content/file-1"))
                    .hasBinaryContent(Arrays.copyOfRange(CONTENT, HALF, 2 * HALF));
        }
    }

    private static void copy(Path from, Path to, Path name) throws IOException {
        if (Files.exists(from.resolve(name))) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
    }

    @Test
    void while_it_runs_it_saves_again_and_again() throws Exception {
        seeder.allow(200);
        Torrent torrent = run();
        Wait.until(() -> Files.exists(resumeFile(folder)));
        byte[] before = Files.readAllBytes(resumeFile(folder));
        torrent.addPeers(List.of(Lab.address(1)));
        Wait.until(() -> !Arrays.equals(before, read(resumeFile(folder))));
        assertThat(torrent.snapshot().state()).isEqualTo(State.DOWNLOADING);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .contains(resumeFile(folder).getFileName().toString());
        }
    }

    /// A run that is killed has told it by then.
    @Test
    void what_is_wanted_is_saved_though_nothing_comes() throws Exception {
        Torrent torrent = run();
        for (int file : new int[] {0, 1}) {
            Selection wanted = Selection.ALL.withFile(file, Priority.SKIP);
            torrent.select(wanted);
            Wait.until(() -> savedWanted().equals(Optional.of(wanted)));
        }
    }

    private Optional<Selection> savedWanted() {
        try {
            return new ResumeFile(resumeFile(folder)).read().flatMap(ResumeData::wanted);
        } catch (IOException e) {
            throw new AssertionError("it is whole at any time", e);
        }
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new AssertionError("it is always there", e);
        }
    }

    /// A store that knows no files cannot tell what was changed.
    @Test
    void a_store_without_files_is_checked_each_time() throws Exception {
        var store = new KeptBytes();
        for (int run = 1; run <= 2; run++) {
            Torrent torrent = lab.session(++lastHost).add(METAINFO, store, settings(folder));
            Wait.until(() -> torrent.snapshot().state() != State.CHECKING);
            assertThat(torrent.snapshot().resumed().trustedPieces()).isZero();
            assertThat(torrent.snapshot().isComplete()).isEqualTo(run == 2);
            finish(torrent);
        }
    }

    /// Keeps its bytes over several runs.
    private static final class KeptBytes implements PieceStore {
        private final byte[] bytes = new byte[CONTENT.length];

        @Override
        public void read(long position, ByteBuffer target) {
            target.put(bytes, (int) position, target.remaining());
        }

        @Override
        public void write(long position, ByteBuffer source) {
            source.get(bytes, (int) position, source.remaining());
        }

        @Override
        public boolean isThere(long position, long lengthBytes) {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void without_a_place_to_remember_nothing_is_left_behind() throws Exception {
        Torrent torrent =
                lab.session(++lastHost)
                        .add(
                                METAINFO,
                                FileStore.open(folder, METAINFO, true),
                                Lab.QUICK.withResume(ResumeSettings.DEFAULT));
        finish(torrent);
        assertThat(ResumeSettings.DEFAULT.file()).isEqualTo(Optional.empty());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("content"));
        }
    }
}
