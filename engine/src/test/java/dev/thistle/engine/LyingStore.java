package dev.thistle.engine;

import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.engine.storage.PieceStore;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// Has everything, and once it has begun every so many reads give a wrong bit.
final class LyingStore implements PieceStore {

    private final MemoryStore store;
    private final int every;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean lies;

    LyingStore(byte[] content, int every) {
        store = new MemoryStore(content);
        this.every = every;
    }

    void begin() {
        lies = true;
    }

    @Override
    public void read(long position, ByteBuffer target) {
        int start = target.position();
        store.read(position, target);
        if (lies && reads.incrementAndGet() % every == 0) {
            target.put(start, (byte) (target.get(start) ^ 1));
        }
    }

    @Override
    public void write(long position, ByteBuffer source) {
        throw new IllegalStateException("it has everything");
    }

    @Override
    public boolean isThere(long position, long lengthBytes) {
        return true;
    }

    @Override
    public void close() {}
}
