package dev.thistle.net;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A listening port of a host in memory: a bounded queue of calls. Any number of threads may wait
/// in [#accept].
final class MemoryListener implements Listener {

    /// Callers that may wait to be accepted; the kernels of 2008 allowed as many. Further ones get
    /// no answer until there is room.
    static final int BACKLOG = 128;

    /// How a call ended.
    enum Answer {
        QUEUED,
        REFUSED,
        NO_ANSWER
    }

    private final InetSocketAddress address;
    private final Consumer<MemoryListener> onClose;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Queue<Circuit> calls = new ArrayDeque<>();
    private boolean closed;

    MemoryListener(InetSocketAddress address, Consumer<MemoryListener> onClose) {
        this.address = address;
        this.onClose = onClose;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /// Queues a call, waiting for room as needed.
    ///
    /// @param deadline as [Deadline#after] gives it
    Answer call(Circuit circuit, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && calls.size() >= BACKLOG) {
                long left = deadline - Deadline.now();
                if (left <= 0) {
                    return Answer.NO_ANSWER;
                }
                room.awaitNanos(left);
            }
            if (closed) {
                return Answer.REFUSED;
            }
            calls.add(circuit);
            called.signal();
            return Answer.QUEUED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Link accept() throws ClosedException {
        lock.lock();
        try {
            while (true) {
                if (closed) {
                    throw new ClosedException(
                            "listening on %s: closed by this end"
                                    .formatted(Addresses.text(address)));
                }
                Circuit circuit = calls.poll();
                if (circuit != null) {
                    room.signal();
                    return circuit.callee();
                }
                called.await();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            close();
            throw new ClosedException(
                    "listening on %s: interrupted".formatted(Addresses.text(address)));
        } finally {
            lock.unlock();
        }
    }

    /// Calls that nobody has accepted are reset, as a kernel does.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            calls.forEach(Circuit::reset);
            calls.clear();
            called.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }

    @Override
    public String toString() {
        return "listener on " + Addresses.text(address);
    }
}
