package dev.thistle.engine.storage;

import java.nio.ByteBuffer;

/// A torrent in memory, up to 2 GiB: for simulations, tests and callers that only look at the
/// bytes.
public final class MemoryStore implements PieceStore {

    private final byte[] bytes;
    private final boolean filled;

    /// An empty store.
    public MemoryStore(int lengthBytes) {
        this.bytes = new byte[lengthBytes];
        this.filled = false;
    }

    /// A store that holds `content` already.
    public MemoryStore(byte[] content) {
        this.bytes = content.clone();
        this.filled = true;
    }

    @Override
    public void read(long position, ByteBuffer target) {
        target.put(bytes, Math.toIntExact(position), target.remaining());
    }

    @Override
    public void write(long position, ByteBuffer source) {
        source.get(bytes, Math.toIntExact(position), source.remaining());
    }

    @Override
    public boolean isThere(long position, long lengthBytes) {
        return filled;
    }

    /// A copy of everything.
    public byte[] content() {
        return bytes.clone();
    }

    @Override
    public void close() {}
}
