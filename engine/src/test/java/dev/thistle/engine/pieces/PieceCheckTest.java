package dev.thistle.engine.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.storage.FileStore;
import dev.thistle.engine.storage.FileStore.StoredFile;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.Metainfo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PieceCheckTest {

    private static final int PIECE = 512 * 1024; // two chunks of the check
    private static final byte[] CONTENT = content();
    private static final Metainfo METAINFO = Torrents.of("checked", CONTENT, PIECE);

    @TempDir private Path temp;

    private static byte[] content() {
        byte[] content = new byte[3 * PIECE + 5];
        new Random(3).nextBytes(content);
        return content;
    }

    private static BitSet run(PieceStore store) throws Exception {
        return new PieceCheck(METAINFO, store).run(_ -> {}, () -> false).right();
    }

    @Test
    void right_pieces_are_found() throws Exception {
        List<Integer> progress = new ArrayList<>();
        BitSet right =
                new PieceCheck(METAINFO, new MemoryStore(CONTENT))
                        .run(progress::add, () -> false)
                        .right();
        assertThat(right.stream()).containsExactly(0, 1, 2, 3);
        assertThat(progress).containsExactly(1, 2, 3, 4);
    }

    @Test
    void a_wrong_byte_spoils_its_piece_alone() throws Exception {
        byte[] spoilt = CONTENT.clone();
        spoilt[PIECE + PIECE - 1] ^= 1;
        assertThat(run(new MemoryStore(spoilt)).stream()).containsExactly(0, 2, 3);
    }

    @Test
    void what_was_never_written_is_missing() throws Exception {
        assertThat(run(new MemoryStore(CONTENT.length)).isEmpty()).isTrue();
        var file = new StoredFile(List.of("f"), 0, CONTENT.length, false);
        try (var store = FileStore.open(temp, List.of(file), true)) {
            assertThat(run(store).isEmpty()).isTrue();
            store.write(0, ByteBuffer.wrap(CONTENT, 0, 2 * PIECE + 7));
            assertThat(run(store).stream()).containsExactly(0, 1);
        }
    }

    @Test
    void a_cancelled_check_ends_early_with_what_it_found() throws Exception {
        List<Integer> progress = new ArrayList<>();
        PieceCheck.Found found =
                new PieceCheck(METAINFO, new MemoryStore(CONTENT))
                        .run(progress::add, () -> progress.size() == 2);
        assertThat(found.right().stream()).containsExactly(0, 1);
        assertThat(found.inDoubt().stream()).as("not looked at").containsExactly(2, 3);
        assertThat(progress).containsExactly(1, 2);
    }
}
