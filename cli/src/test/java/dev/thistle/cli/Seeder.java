package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Session;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.EncryptionPolicy.Cipher;
import dev.thistle.engine.settings.EncryptionPolicy.Level;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.storage.PieceStore;
import dev.thistle.net.TcpNetwork;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A seeder on loopback that holds its content in memory, whatever its names are, and can be
/// stopped in the middle.
final class Seeder implements Closeable {

    /// Hands out so many reads and then waits.
    private static final class Content implements PieceStore {

        private final byte[] bytes;
        private final Semaphore reads;
        private final AtomicInteger served = new AtomicInteger();
        private volatile long paceNanos;

        Content(byte[] bytes, Semaphore reads) {
            this.bytes = bytes;
            this.reads = reads;
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            try {
                reads.acquire();
            } catch (InterruptedException closed) {
                throw new IOException("closed", closed);
            }
            synchronized (this) { // one block after the other; time that was lost is not made up
                long end = System.nanoTime() + paceNanos;
                while (System.nanoTime() - end < 0) {
                    LockSupport.parkNanos(end - System.nanoTime());
                }
            }
            served.incrementAndGet();
            target.put(bytes, (int) position, target.remaining());
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            throw new IOException("nobody gives a seeder anything");
        }

        @Override
        public boolean isThere(long position, long lengthBytes) {
            return true;
        }

        @Override
        public void close() {
            reads.release(1_000_000);
        }
    }

    private final TcpNetwork network = new TcpNetwork();
    private final Session session;
    private final Semaphore reads = new Semaphore(Integer.MAX_VALUE / 2);
    private final Content content;
    private int countedFrom;

    private Seeder(Metainfo metainfo, byte[] content, EncryptionPolicy policy) throws Exception {
        var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        session = Session.open(SessionSettings.of(listen, policy), network, new Random(1));
        this.content = new Content(content, reads);
        session.add(metainfo, this.content, TorrentSettings.DEFAULT).completed().join();
    }

    static Seeder of(Path torrent, byte[] content) throws Exception {
        return of(torrent, content, Level.ALLOW, Cipher.ANY);
    }

    static Seeder of(Path torrent, byte[] content, Level level, Cipher cipher) throws Exception {
        Metainfo metainfo = MetainfoReader.read(ByteBuffer.wrap(Files.readAllBytes(torrent)));
        return new Seeder(metainfo, content, new EncryptionPolicy(level, cipher));
    }

    /// For `--peer`.
    String address() {
        return "127.0.0.1:" + session.port();
    }

    int port() {
        return session.port();
    }

    /// Serves so many blocks more, then stops in the middle without a word.
    void serveOnly(int blocks) {
        reads.drainPermits();
        reads.release(blocks);
    }

    /// One block in so many nanoseconds from now on.
    void pace(long nanosABlock) {
        content.paceNanos = nanosABlock;
    }

    void countFromHere() {
        countedFrom = content.served.get();
    }

    /// Waits until so many blocks were read since [#countFromHere].
    void awaitServed(int blocks) {
        while (content.served.get() - countedFrom < blocks) {
            assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        reads.release(1_000_000);
        session.close();
        network.close();
    }
}
