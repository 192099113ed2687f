package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.snapshot.TorrentSnapshot;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.protocol.metainfo.Metainfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A bug of ours, or too little memory, costs the torrent or the connection that it strikes, and
/// says so in one line. Everything else goes on.
@Timeout(30)
class ContainedBugTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(10 * PIECE + 17);
    private static final Metainfo METAINFO = Torrents.of("content", CONTENT, PIECE);
    private static final byte[] OTHER_CONTENT = Lab.content(3 * PIECE);
    private static final Metainfo OTHER = Torrents.of("other", OTHER_CONTENT, PIECE);

    private final Lab lab = new Lab();
    private final LoggedErrors log = new LoggedErrors();

    @AfterEach
    void closeAll() {
        lab.close();
        log.close();
    }

    enum Bug {
        EXCEPTION,
        OUT_OF_MEMORY;

        void strike() {
            switch (this) {
                case EXCEPTION -> throw new IllegalStateException("a bug");
                case OUT_OF_MEMORY -> throw new OutOfMemoryError("a bug");
            }
        }
    }

    /// Goes wrong once in each way that it is told to.
    private static final class BuggyStore implements PieceStore {
        private final MemoryStore store;
        final AtomicReference<@Nullable Bug> looking = new AtomicReference<>();
        final AtomicReference<@Nullable Bug> reading = new AtomicReference<>();
        final AtomicReference<@Nullable Bug> writing = new AtomicReference<>();

        BuggyStore(MemoryStore store) {
            this.store = store;
        }

        private static void strike(AtomicReference<@Nullable Bug> armed) {
            Bug bug = armed.getAndSet(null);
            if (bug != null) {
                bug.strike();
            }
        }

        @Override
        public void read(long position, ByteBuffer target) {
            strike(reading);
            store.read(position, target);
        }

        @Override
        public void write(long position, ByteBuffer source) {
            strike(writing);
            store.write(position, source);
        }

        @Override
        public boolean isThere(long position, long lengthBytes) {
            strike(looking);
            return store.isThere(position, lengthBytes);
        }

        @Override
        public void close() {}
    }

    private void assertOneLine(String... parts) {
        Wait.until(() -> !log.lines().isEmpty());
        assertThat(log.lines()).singleElement().asString().contains(parts).doesNotContain("\n");
    }

    @ParameterizedTest
    @EnumSource
    void in_a_torrent_it_ends_the_torrent(Bug bug) throws Exception {
        Session session = lab.session(1);
        var broken = new BuggyStore(new MemoryStore(CONTENT));
        broken.looking.set(bug);

        TorrentSnapshot ended = session.add(METAINFO, broken, Lab.QUICK).ended().get();

        assertThat(ended.state()).isEqualTo(State.FAILED);
        assertOneLine("content stops: internal error: ", "a bug");
        session.add(OTHER, new MemoryStore(OTHER_CONTENT), Lab.QUICK).completed().get();
        Torrent leecher =
                lab.session(2).add(OTHER, new MemoryStore(OTHER_CONTENT.length), Lab.QUICK);
        leecher.addPeers(List.of(Lab.address(1)));
        leecher.completed().get();
    }

    @ParameterizedTest
    @EnumSource
    void in_a_reader_it_ends_the_connection(Bug bug) throws Exception {
        lab.session(1).add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK).completed().get();
        var broken = new BuggyStore(new MemoryStore(CONTENT.length));
        broken.writing.set(bug);
        Torrent leecher = lab.session(2).add(METAINFO, broken, Lab.QUICK);

        leecher.addPeers(List.of(Lab.address(1)));

        leecher.completed().get();
        assertThat(broken.store.content()).isEqualTo(CONTENT);
        assertOneLine("10.0.0.1", "dropped: ", "a bug");
    }

    @ParameterizedTest
    @EnumSource
    void in_a_writer_it_ends_the_connection(Bug bug) throws Exception {
        var broken = new BuggyStore(new MemoryStore(CONTENT));
        lab.session(1).add(METAINFO, broken, Lab.QUICK).completed().get();
        broken.reading.set(bug);
        var store = new MemoryStore(CONTENT.length);
        Torrent leecher = lab.session(2).add(METAINFO, store, Lab.QUICK);

        leecher.addPeers(List.of(Lab.address(1)));

        leecher.completed().get();
        assertThat(store.content()).isEqualTo(CONTENT);
        assertOneLine("10.0.0.2", "dropped: ", "a bug");
    }
}
