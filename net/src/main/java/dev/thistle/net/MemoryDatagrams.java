package dev.thistle.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A datagram port of a host in memory: a bounded queue, ordered by the time of arrival. The sender
/// works out that time, and the receiver's own timed wait lets it pass.
final class MemoryDatagrams implements Datagrams {

    /// What waits to be received; 256 datagrams of full frames are more than Linux' default buffer
    /// of 208 KiB takes. Further ones are lost.
    static final int BACKLOG = 256;

    /// Carries a datagram to where it is addressed, or loses it.
    interface Carrier {
        void carry(MemoryDatagrams from, ByteBuffer datagram, InetSocketAddress remote)
                throws IOException;
    }

    private record Arrival(long atNanos, long order, InetSocketAddress from, ByteBuffer bytes) {}

    private final InetSocketAddress local;
    private final Carrier carrier;
    private final Consumer<MemoryDatagrams> onClose;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Arrival> arrivals =
            new PriorityQueue<>(
                    Comparator.comparingLong(Arrival::atNanos).thenComparingLong(Arrival::order));
    private long taken;
    private boolean closed;

    MemoryDatagrams(InetSocketAddress local, Carrier carrier, Consumer<MemoryDatagrams> onClose) {
        this.local = local;
        this.carrier = carrier;
        this.onClose = onClose;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public void send(ByteBuffer datagram, InetSocketAddress remote) throws IOException {
        String doing = "sending to " + Addresses.text(remote);
        if (isClosed()) {
            throw new ClosedException(doing + ": closed by this end");
        }
        if (datagram.remaining() > MAX_BYTES) {
            throw new IOException(
                    "%s: %d bytes, allowed %d".formatted(doing, datagram.remaining(), MAX_BYTES));
        }
        ByteBuffer copy = ByteBuffer.allocate(datagram.remaining()).put(datagram).flip();
        carrier.carry(this, copy, remote);
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// A datagram is on its way here.
    void arrive(InetSocketAddress from, ByteBuffer bytes, long atNanos) {
        lock.lock();
        try {
            if (!closed && arrivals.size() < BACKLOG) {
                arrivals.add(new Arrival(atNanos, taken++, from, bytes));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<InetSocketAddress> receive(ByteBuffer target, Duration patience)
            throws IOException {
        long deadline = Deadline.after(patience);
        String doing = "receiving on " + Addresses.text(local);
        lock.lock();
        try {
            while (!closed) {
                long now = Deadline.now();
                Arrival first = arrivals.peek();
                if (first != null && first.atNanos <= now) {
                    arrivals.remove();
                    first.bytes.limit(Math.min(first.bytes.limit(), target.remaining()));
                    target.put(first.bytes);
                    return Optional.of(first.from);
                }
                if (now >= deadline) {
                    return Optional.empty();
                }
                long next = first == null ? deadline : Math.min(first.atNanos, deadline);
                changed.awaitNanos(next - now);
            }
            throw new ClosedException(doing + ": closed by this end");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            close();
            throw new ClosedException(doing + ": interrupted");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrivals.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }

    @Override
    public String toString() {
        return "datagrams on " + Addresses.text(local);
    }
}
