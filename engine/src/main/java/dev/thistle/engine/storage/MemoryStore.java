package dev.thistle.engine.storage;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// A torrent in memory, up to 2 GiB: for simulations, tests and callers that only look at the
/// bytes.
public final class MemoryStore implements PieceStore {

    private final byte[] bytes;

    /// Where the last byte that was written ends; as in a file, gaps before it are zeros.
    private final AtomicInteger end = new AtomicInteger();

    /// An empty store.
    public MemoryStore(int lengthBytes) {
        this.bytes = new byte[lengthBytes];
    }

    /// A store that holds `content` already.
    public MemoryStore(byte[] content) {
        this.bytes = content.clone();
        end.set(bytes.length);
    }

    @Override
    public void read(long position, ByteBuffer target) {
        target.put(bytes, Math.toIntExact(position), target.remaining());
    }

    @Override
    public void write(long position, ByteBuffer source) {
        int start = Math.toIntExact(position);
        int count = source.remaining();
        source.get(bytes, start, count);
        end.accumulateAndGet(start + count, Math::max);
    }

    @Override
    public boolean isThere(long position, long lengthBytes) {
        return position + lengthBytes <= end.get();
    }

    /// A copy of everything.
    public byte[] content() {
        return bytes.clone();
    }

    @Override
    public void close() {}
}
