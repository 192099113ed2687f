package dev.thistle.engine.peers;

import dev.thistle.protocol.peer.PeerMessage;
import dev.thistle.protocol.peer.PeerMessage.Request;
import dev.thistle.protocol.peer.PeerMessageCodec;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is still to be said to one peer: messages in order, and blocks to serve behind them. Filled
/// by the torrent's thread, which never waits here, and emptied by the connection's writer.
final class Outbox {

    /// A peer that does not read while so many messages pile up is hung up on: two full request
    /// queues and a `have` for each piece of a large torrent fit.
    static final int MAX_MESSAGES = 16 * 1024;

    /// The same in bytes: a peer that asks for metadata and hashes, 16 KiB an answer, and reads
    /// none of it. The largest bitfield fits four times.
    static final int MAX_MESSAGE_BYTES = 1 << 20;

    /// What may wait for any peer: two answers of 16 KiB, as clients ask for two at a time. More is
    /// taken from what the session has for all peers, in parts of this size, so that few messages
    /// have to ask for it.
    static final int PART_BYTES = 40 * 1024;

    /// A short message takes about so much more memory than its bytes on the wire.
    private static final int OBJECT_BYTES = 32;

    /// Blocks waiting to be served: the `reqq` that we announce, as libtorrent accepts.
    static final int MAX_SERVES = 2000;

    /// One thing to write.
    sealed interface Item {
        record Say(PeerMessage message) implements Item {}

        record Serve(Request request) implements Item {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final ArrayDeque<PeerMessage> messages = new ArrayDeque<>();
    private final LinkedHashSet<Request> serves = new LinkedHashSet<>();
    private final Backlog backlog;
    private long messageBytes;

    /// What was taken from the backlog of the session.
    private long takenBytes;

    private boolean closed;

    /// @param backlog of the session
    Outbox(Backlog backlog) {
        this.backlog = backlog;
    }

    /// Queues a message; false when the peer does not keep up.
    boolean say(PeerMessage message) {
        return sayAll(List.of(message));
    }

    /// Queues messages and wakes the writer once for all of them; false when the peer does not keep
    /// up.
    boolean sayAll(Collection<? extends PeerMessage> more) {
        lock.lock();
        try {
            if (closed) {
                return true; // nobody is there to hear it
            }
            for (PeerMessage message : more) {
                messages.add(message);
                messageBytes += bytes(message);
            }
            filled.signal();
            return messages.size() <= MAX_MESSAGES
                    && messageBytes <= MAX_MESSAGE_BYTES
                    && isPaidFor();
        } finally {
            lock.unlock();
        }
    }

    /// A have is one object for all peers.
    private static int bytes(PeerMessage message) {
        int object = message instanceof PeerMessage.Have ? 0 : OBJECT_BYTES;
        return PeerMessageCodec.encodedBytes(message) + object;
    }

    private boolean isPaidFor() {
        while (messageBytes > PART_BYTES + takenBytes) {
            if (!backlog.tryTake(PART_BYTES)) {
                return false;
            }
            takenBytes += PART_BYTES;
        }
        return true;
    }

    private void payBack() {
        if (takenBytes > 0) {
            backlog.giveBack(takenBytes);
            takenBytes = 0;
        }
    }

    /// Queues a block, unless it waits already; false when too many do.
    boolean serve(Request request) {
        lock.lock();
        try {
            if (serves.size() >= MAX_SERVES) {
                return false;
            }
            serves.add(request);
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Takes one waiting block back, at no cost however many wait; false when it did not wait.
    boolean unserve(Request request) {
        lock.lock();
        try {
            return serves.remove(request);
        } finally {
            lock.unlock();
        }
    }

    /// Takes all waiting blocks back and tells which.
    List<Request> unserveAll() {
        lock.lock();
        try {
            List<Request> waiting = List.copyOf(serves);
            serves.clear();
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /// The next thing to write, or null when there is none any more. Waits without a time limit:
    /// each timed wait of a virtual thread would wake the JDK's timer thread twice.
    @Nullable Item take() throws InterruptedException {
        lock.lock();
        try {
            while (messages.isEmpty() && serves.isEmpty() && !closed) {
                filled.await();
            }
            return next();
        } finally {
            lock.unlock();
        }
    }

    /// The next message, blocks left out, or null when there is none within the time or ever.
    @Nullable PeerMessage takeMessage(long timeoutNanos) throws InterruptedException {
        lock.lock();
        try {
            long left = timeoutNanos;
            while (messages.isEmpty() && !closed && left > 0) {
                left = filled.awaitNanos(left);
            }
            return closed || messages.isEmpty() ? null : nextMessage();
        } finally {
            lock.unlock();
        }
    }

    /// The next thing to write, or null when there is none now.
    @Nullable Item poll() {
        lock.lock();
        try {
            return next();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Item next() {
        if (closed) {
            return null;
        }
        if (!messages.isEmpty()) {
            return new Item.Say(nextMessage());
        }
        return serves.isEmpty() ? null : new Item.Serve(serves.removeFirst());
    }

    private PeerMessage nextMessage() {
        PeerMessage message = messages.remove();
        messageBytes -= bytes(message);
        if (messages.isEmpty()) {
            payBack();
        }
        return message;
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Wakes the writer for good, and drops what nobody will hear.
    void close() {
        lock.lock();
        try {
            closed = true;
            messages.clear();
            serves.clear();
            payBack();
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
