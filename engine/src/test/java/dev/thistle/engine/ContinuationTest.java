package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.resume.ResumeData.Described;
import dev.thistle.engine.resume.ResumeFile;
import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a run remembers of a torrent beside its pieces: what a magnet link did not tell, and what
/// is wanted.
@Timeout(60)
class ContinuationTest {

    private static final int PIECE = 32 * 1024;
    private static final int FILE = 8 * PIECE;
    private static final byte[] CONTENT = Lab.content(2 * FILE);

    private final Lab lab = new Lab();
    private int lastHost;

    @TempDir Path folder;

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private static Metainfo torrent(MetaVersion version) {
        return version == MetaVersion.V1
                ? Torrents.ofFolder("folder", CONTENT, PIECE, FILE, FILE)
                : Torrents.ofFolder(version, CONTENT, PIECE, FILE, FILE);
    }

    /// @return its host
    private int seed(Metainfo metainfo) throws Exception {
        var store = new MemoryStore(Torrents.stream(metainfo, CONTENT));
        lab.session(++lastHost).add(metainfo, store, Lab.QUICK).completed().get();
        return lastHost;
    }

    private ResumeSettings beside(Metainfo metainfo) {
        return ResumeSettings.beside(folder, metainfo.infoHash());
    }

    private Torrent runLink(Metainfo metainfo) throws IOException {
        return lab.session(++lastHost)
                .add(
                        Magnet.parse(Magnet.of(metainfo).link()),
                        found -> FileStore.open(folder, found, true),
                        Lab.QUICK.withResume(beside(metainfo)));
    }

    @ParameterizedTest
    @EnumSource(MetaVersion.class)
    void a_magnet_link_goes_on_without_asking_anybody_what_it_names(MetaVersion version)
            throws Exception {
        Metainfo metainfo = torrent(version);
        int seeder = seed(metainfo);
        Torrent first = runLink(metainfo);
        first.addPeers(List.of(Lab.address(seeder)));
        first.completed().get();
        first.stop().get();
        Path changed = folder.resolve("folder/file-1");
        Files.setLastModifiedTime(changed, FileTime.fromMillis(1_000)); // hashed again

        Torrent second = runLink(metainfo);

        TorrentSnapshot complete = second.completed().get(); // nobody is there to ask
        assertThat(complete.downloadedBytes()).isZero();
        assertThat(complete.resumed().trustedPieces()).isEqualTo(8);
        assertThat(complete.name()).isEqualTo("folder");
        second.stop().get();
        assertThat(remembered(metainfo).info()).isPresent();
        assertThat(remembered(metainfo).layers()).hasSize(version == MetaVersion.V2 ? 2 : 0);
    }

    private Described remembered(Metainfo metainfo) throws IOException {
        return new ResumeFile(beside(metainfo).file().orElseThrow())
                .read()
                .orElseThrow()
                .described();
    }

    @Test
    void what_was_remembered_of_another_torrent_is_not_taken_for_this_one() throws Exception {
        Metainfo other = torrent(MetaVersion.V1);
        Torrent first = runLink(other);
        first.addPeers(List.of(Lab.address(seed(other))));
        first.completed().get();
        first.stop().get();
        Metainfo metainfo = Torrents.ofFolder("ours", CONTENT, PIECE, FILE, FILE);
        Files.move(beside(other).file().orElseThrow(), beside(metainfo).file().orElseThrow());

        Torrent second = runLink(metainfo);
        Wait.until(() -> second.snapshot().state() == State.METADATA);
        second.addPeers(List.of(Lab.address(seed(metainfo))));
        assertThat(second.completed().get().name()).isEqualTo("ours");
    }

    @Test
    void a_torrent_file_is_not_copied_into_the_resume_file() throws Exception {
        Metainfo metainfo = torrent(MetaVersion.V1);
        run(metainfo, Lab.QUICK).stop().get();
        assertThat(remembered(metainfo)).isEqualTo(Described.NOT);
    }

    private Torrent run(Metainfo metainfo, TorrentSettings settings) throws IOException {
        var withResume =
                settings.resume().file().isPresent()
                        ? settings
                        : settings.withResume(beside(metainfo));
        Torrent torrent =
                lab.session(++lastHost)
                        .add(metainfo, FileStore.open(folder, metainfo, true), withResume);
        Wait.until(() -> torrent.snapshot().state() != State.CHECKING);
        return torrent;
    }

    @Test
    void what_is_wanted_is_wanted_by_the_next_run() throws Exception {
        Metainfo metainfo = torrent(MetaVersion.V1);
        var wanted = Selection.only(Set.of(1)).withSequential(true).withPiece(12, Priority.HIGH);
        Torrent first = run(metainfo, Lab.QUICK);
        first.select(wanted);
        Wait.until(() -> first.snapshot().wanted().bytes() == FILE);
        first.stop().get();

        Torrent second = run(metainfo, Lab.QUICK);
        assertThat(second.selection()).isEqualTo(wanted);
        assertThat(second.snapshot().wanted().bytes()).isEqualTo(FILE);
        second.addPeers(List.of(Lab.address(seed(metainfo))));
        second.completed().get();
        assertThat(folder.resolve("folder/file-1"))
                .hasBinaryContent(Arrays.copyOfRange(CONTENT, FILE, 2 * FILE));
        assertThat(second.stop().get().verifiedBytes()).isEqualTo(FILE);
    }

    @Test
    void a_run_that_says_what_it_wants_gets_that() throws Exception {
        Metainfo metainfo = torrent(MetaVersion.V1);
        run(metainfo, Lab.QUICK.withSelection(Selection.only(Set.of(1)))).stop().get();

        var other = Selection.only(Set.of(0));
        Torrent second = run(metainfo, Lab.QUICK.withSelection(other));
        assertThat(second.selection()).isEqualTo(other);
        second.stop().get();

        var everything = Lab.QUICK.withResume(beside(metainfo).withoutSelection());
        assertThat(run(metainfo, everything).selection()).isEqualTo(Selection.ALL);
    }
}
