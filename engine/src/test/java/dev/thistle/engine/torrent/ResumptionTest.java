package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Torrents;
import dev.thistle.engine.Wait;
import dev.thistle.engine.resume.ResumeData.Described;
import dev.thistle.engine.resume.ResumeData.Totals;
import dev.thistle.engine.resume.ResumeFile;
import dev.thistle.engine.settings.Priority;
import dev.thistle.engine.settings.ResumeSettings;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.storage.FileStamp;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.Metainfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ResumptionTest {

    private static final Metainfo METAINFO = Torrents.of("content", new byte[40_000], 16 * 1024);
    private static final Selection NOTHING = Selection.ALL.withFile(0, Priority.SKIP);
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(2);

    /// Has no files, and makes whoever looks at it wait.
    private static final class SlowStore implements PieceStore {
        final CountDownLatch open = new CountDownLatch(1);
        private boolean isFirstLook = true;

        @Override
        public void read(long position, ByteBuffer target) {}

        @Override
        public void write(long position, ByteBuffer source) {}

        @Override
        public boolean isThere(long position, long lengthBytes) {
            return false;
        }

        @Override
        public List<FileStamp> stamps() throws IOException {
            if (!isFirstLook) {
                try {
                    open.await();
                } catch (InterruptedException stopped) {
                    throw new IOException(stopped);
                }
            }
            isFirstLook = false;
            return List.of();
        }

        @Override
        public void close() {}
    }

    private static Resumption.Holdings wanting(Selection wanted) {
        return new Resumption.Holdings(new BitSet(), Map.of(), Totals.NONE, wanted, false);
    }

    @Test
    void what_is_wanted_while_a_save_is_under_way_is_saved_after_it(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("resume");
        var store = new SlowStore();
        var resumption =
                new Resumption(
                        METAINFO,
                        store,
                        () -> Described.NOT,
                        ResumeSettings.in(file),
                        loss -> {
                            throw new AssertionError(loss);
                        });
        var _ = resumption.begin();
        resumption.opened(wanting(Selection.ALL), 0); // waits for the store
        assertThat(resumption.isDue(Totals.NONE, Selection.ALL, INTERVAL)).isFalse();
        resumption.save(wanting(NOTHING), 1);

        assertThat(resumption.remembers(NOTHING)).isFalse();
        assertThat(resumption.isDue(Totals.NONE, NOTHING, INTERVAL - 1)).as("so soon").isFalse();
        assertThat(resumption.isDue(Totals.NONE, NOTHING, INTERVAL)).isTrue();

        store.open.countDown();
        resumption.end(wanting(NOTHING));
        assertThat(new ResumeFile(file).read().orElseThrow().wanted()).contains(NOTHING);
    }

    @Test
    void what_could_not_be_saved_is_saved_when_that_is_possible(@TempDir Path folder)
            throws Exception {
        Path missing = folder.resolve("missing");
        Path file = missing.resolve("resume");
        var store = new SlowStore();
        store.open.countDown();
        var resumption =
                new Resumption(
                        METAINFO,
                        store,
                        () -> Described.NOT,
                        ResumeSettings.in(file),
                        loss -> {
                            throw new AssertionError(loss);
                        });
        var _ = resumption.begin();
        Files.writeString(missing, "a file where the folder should be");
        resumption.opened(wanting(NOTHING), 0);
        Wait.until(() -> resumption.isDue(Totals.NONE, NOTHING, INTERVAL));

        Files.delete(missing);
        Files.createDirectory(missing);
        Wait.until(() -> {
            resumption.save(wanting(NOTHING), INTERVAL); // put off while the first is under way
            return Files.exists(file);
        });
        Wait.until(() -> !resumption.isDue(Totals.NONE, NOTHING, 2 * INTERVAL));
        assertThat(new ResumeFile(file).read().orElseThrow().wanted()).contains(NOTHING);
    }
}
