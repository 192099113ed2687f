package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.protocol.metainfo.Metainfo;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is selected comes, and what is not does not.
@Timeout(30)
class SelectionTest {

    private static final int PIECE = 16 * 1024;
    private static final byte[] CONTENT = Lab.content(9 * PIECE);

    /// Pieces 0-1, 2-3 (its last one shared with the next), 3-8.
    private static final Metainfo METAINFO =
            Torrents.ofFolder(
                    "folder",
                    CONTENT,
                    PIECE,
                    2 * PIECE,
                    PIECE + 100,
                    CONTENT.length - 3 * PIECE - 100);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Torrent leecher(MemoryStore store, Selection selection) throws Exception {
        lab.session(1).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK).completed().join();
        Torrent leecher = lab.session(2).add(METAINFO, store, Lab.QUICK.withSelection(selection));
        leecher.addPeers(List.of(Lab.address(1)));
        return leecher;
    }

    private static void assertHas(MemoryStore store, int firstPiece, int lastPiece) {
        byte[] expected = new byte[CONTENT.length];
        System.arraycopy(
                CONTENT,
                firstPiece * PIECE,
                expected,
                firstPiece * PIECE,
                (lastPiece + 1 - firstPiece) * PIECE);
        assertThat(Arrays.equals(store.content(), expected))
                .as("pieces %d to %d and no others", firstPiece, lastPiece)
                .isTrue();
    }

    @Test
    void one_file_comes_with_the_pieces_it_shares_and_the_torrent_is_finished() throws Exception {
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = leecher(store, Selection.only(Set.of(1)));

        var done = leecher.completed().get();

        assertThat(done.state()).isEqualTo(State.SEEDING);
        assertThat(done.isFinished()).isTrue();
        assertThat(done.isComplete()).isFalse();
        assertThat(done.wanted().bytes()).isEqualTo(2 * PIECE);
        assertHas(store, 2, 3);
    }

    @Test
    void more_may_be_wanted_later() throws Exception {
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = leecher(store, Selection.only(Set.of(0)));
        leecher.completed().get();
        assertHas(store, 0, 1);

        leecher.select(Selection.ALL);

        Wait.until(() -> leecher.snapshot().isComplete());
        assertThat(store.content()).isEqualTo(CONTENT);
    }

    @Test
    void nothing_more_comes_of_a_file_that_is_skipped_from_now_on() throws Exception {
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = leecher(store, Selection.only(Set.of()));
        leecher.completed().get(); // nothing is wanted, so nothing lacks
        leecher.select(Selection.only(Set.of(0)).withPiece(0, Priority.SKIP));
        Wait.until(() -> leecher.snapshot().verifiedBytes() > 0);
        assertHas(store, 1, 1);
    }
}
