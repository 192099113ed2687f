package dev.thistle.engine;

import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.engine.storage.PieceStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A store in memory that counts what is written, keeps its bytes when it is closed and goes wrong
/// on demand.
final class CountingStore implements PieceStore {

    final AtomicLong writtenBytes = new AtomicLong();
    volatile boolean closed;
    volatile boolean lies;
    volatile @Nullable String readFails;
    volatile @Nullable String writeFails;
    private final MemoryStore store;

    CountingStore(byte[] content) {
        store = new MemoryStore(content);
    }

    byte[] content() {
        return store.content();
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        if (readFails != null) {
            throw new IOException(readFails);
        }
        int start = target.position();
        store.read(position, target);
        if (lies) {
            target.put(start, (byte) (target.get(start) ^ 1));
        }
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        if (writeFails != null) {
            throw new IOException(writeFails);
        }
        writtenBytes.addAndGet(source.remaining());
        store.write(position, source);
    }

    @Override
    public boolean isThere(long position, long lengthBytes) {
        return true;
    }

    @Override
    public void close() {
        closed = true;
    }
}
