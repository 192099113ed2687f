package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.Selection;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.Listener;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A file is read while it comes.
@Timeout(30)
class StreamTest {

    private static final int PIECE = 16 * 1024;
    private static final int PIECES = 200;
    private static final byte[] CONTENT = Lab.content(PIECES * PIECE);

    /// The second file begins and ends in the middle of a piece.
    private static final int FROM = 20 * PIECE + 5;

    private static final int LENGTH = 150 * PIECE;
    private static final Metainfo METAINFO =
            Torrents.ofFolder(
                    "folder", CONTENT, PIECE, FROM, LENGTH, CONTENT.length - FROM - LENGTH);
    private static final byte[] FILE = Arrays.copyOfRange(CONTENT, FROM, FROM + LENGTH);

    private final Lab lab = new Lab();

    @AfterEach
    void closeAll() {
        lab.close();
    }

    private Torrent leecher(Selection selection) throws IOException {
        return lab.session(2, new EncryptionPolicy(Level.OFF, Cipher.ANY))
                .add(
                        METAINFO,
                        new MemoryStore(CONTENT.length),
                        Lab.QUICK_BUT_BEARS_SILENCE.withSelection(selection));
    }

    private void seed(Torrent leecher) throws IOException {
        lab.session(1, new EncryptionPolicy(Level.OFF, Cipher.ANY))
                .add(METAINFO, new MemoryStore(CONTENT), Lab.QUICK)
                .completed()
                .join();
        leecher.addPeers(List.of(Lab.address(1)));
    }

    private static byte[] readAll(SeekableByteChannel channel) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) (channel.size() - channel.position()));
        while (channel.read(all) >= 0 && all.hasRemaining()) {
            // a piece at a time
        }
        return all.array();
    }

    @Test
    void a_file_is_read_whole_while_it_comes_by_several_readers_at_their_places() throws Exception {
        Torrent leecher = leecher(Selection.ALL);
        try (SeekableByteChannel first = leecher.open(1);
                SeekableByteChannel second = leecher.open(1).position(LENGTH / 2)) {
            assertThat(first.size()).isEqualTo(LENGTH);
            var firstRead = new FutureTask<>(() -> readAll(first));
            var secondRead = new FutureTask<>(() -> readAll(second));
            Thread.startVirtualThread(firstRead);
            Thread.startVirtualThread(secondRead);
            seed(leecher);
            assertThat(firstRead.get()).isEqualTo(FILE);
            assertThat(secondRead.get()).isEqualTo(Arrays.copyOfRange(FILE, LENGTH / 2, LENGTH));
            assertThat(first.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void a_file_that_is_skipped_comes_when_it_is_opened() throws Exception {
        Torrent leecher = leecher(Selection.only(Set.of(0)));
        seed(leecher);
        try (SeekableByteChannel channel = leecher.open(1)) {
            assertThat(readAll(channel)).isEqualTo(FILE);
        }
    }

    /// The peer has everything and would be asked at random, or in order from the first piece on.
    @Test
    void what_is_ahead_of_the_reader_is_asked_for_first() throws Exception {
        Torrent leecher = leecher(Selection.ALL.withSequential(true));
        int target = 100 * PIECE;
        try (SeekableByteChannel channel = leecher.open(1).position(target);
                Listener port = lab.host(3).listen(lab.socket(3))) {
            leecher.addPeers(List.of(Lab.address(3)));
            try (RawPeer peer = RawPeer.answer(port.accept(), METAINFO)) {
                peer.say(new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
                int wanted = (FROM + target) / PIECE;
                assertThat(peer.hear(Request.class).piece()).isEqualTo(wanted);
                assertThat(peer.hear(Request.class).piece()).isEqualTo(wanted + 1);
            }
            assertThat(channel.position()).isEqualTo(target);
        }
    }

    private static FutureTask<Integer> waitingRead(SeekableByteChannel channel, Thread[] reader) {
        var read = new FutureTask<>(() -> channel.read(ByteBuffer.allocate(1)));
        reader[0] = Thread.ofVirtual().start(read);
        Wait.until(() -> reader[0].getState() == Thread.State.WAITING);
        return read;
    }

    @Test
    void a_reader_that_waits_hears_that_the_torrent_ended() throws Exception {
        Torrent leecher = leecher(Selection.ALL);
        try (SeekableByteChannel channel = leecher.open(1)) {
            FutureTask<Integer> read = waitingRead(channel, new Thread[1]);
            leecher.stop().get();
            assertThatThrownBy(read::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessage("piece 20 cannot be read: the torrent was stopped");
        }
    }

    @Test
    void a_reader_that_waits_is_freed_by_a_close_and_by_an_interrupt() throws Exception {
        Torrent leecher = leecher(Selection.ALL);
        SeekableByteChannel closed = leecher.open(1);
        FutureTask<Integer> read = waitingRead(closed, new Thread[1]);
        closed.close();
        assertThatThrownBy(read::get).hasCauseInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(closed::position).isInstanceOf(ClosedChannelException.class);

        SeekableByteChannel interrupted = leecher.open(1);
        var reader = new Thread[1];
        FutureTask<Integer> other = waitingRead(interrupted, reader);
        reader[0].interrupt();
        assertThatThrownBy(other::get).hasCauseInstanceOf(ClosedByInterruptException.class);
        assertThat(interrupted.isOpen()).isFalse();
    }
}
