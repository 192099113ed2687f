package dev.thistle.engine;

import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.engine.storage.PieceStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/// A seeder's store in memory that hands out so many blocks and then lets whoever asks wait.
final class GatedStore implements PieceStore {

    private static final int ENDLESS = Integer.MAX_VALUE / 2;

    private final Semaphore reads = new Semaphore(ENDLESS);
    private final MemoryStore store;

    GatedStore(byte[] content) {
        store = new MemoryStore(content);
    }

    /// Hands out so many more, whatever was allowed before.
    void allow(int blocks) {
        reads.drainPermits();
        reads.release(blocks);
    }

    void open() {
        allow(ENDLESS);
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        try {
            reads.acquire();
        } catch (InterruptedException closed) {
            throw new IOException("closed", closed);
        }
        store.read(position, target);
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
        open();
    }
}
