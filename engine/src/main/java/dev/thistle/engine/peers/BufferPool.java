package dev.thistle.engine.peers;

import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.engine.snapshot.BufferUse;
import java.io.Closeable;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Off-heap buffers for the bytes of all peers of a session, never more than its limit. Whoever
/// wants one when all are taken waits in a queue, reads nothing meanwhile, and so the sender feels
/// it by its TCP window. Thread-safe; one a session.
///
/// **Why nobody waits for ever.** Nobody holds a buffer while waiting for another. A reader holds
/// one only while a message comes that is longer than its own small buffer ([ReceiveBuffer]), and
/// needs nobody in this session to come to its end. A writer ([SendBuffer]) needs the other end to
/// read. Were the two to share, two sessions that fill all their buffers with blocks for each other
/// would both have none left to read with; so each has its part. And as an end that reads nothing
/// could keep a writer's buffer for as long as we bear with it, who has held one for [#YIELD_NANOS]
/// while others waited is hung up on: one holder for each that waits.
public final class BufferPool implements Closeable {

    /// Seven blocks and their heads: large enough that system calls are few, small enough that
    /// bytes are still in the second-level cache when they are deciphered, hashed and written.
    public static final int BUFFER_BYTES = 128 * 1024;

    /// How long what nobody needs is kept.
    private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// In which a peer has to read what a buffer holds once others want it: 6.5 kB/s.
    static final long YIELD_NANOS = TimeUnit.SECONDS.toNanos(20);

    /// While somebody waits or something is idle.
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// What a buffer is taken for.
    enum Purpose {
        RECEIVING,
        SENDING,
        /// One message that is longer than a buffer, in either direction.
        LONG_MESSAGE
    }

    /// A buffer and its memory, which can be freed at once.
    private record Slab(Arena arena, ByteBuffer bytes) {
        static Slab make() {
            Arena arena = Arena.ofShared();
            return new Slab(arena, arena.allocate(BUFFER_BYTES).asByteBuffer());
        }
    }

    /// A buffer in somebody's hands, until it is [given back][#giveBack].
    static final class Lease {
        private final ByteBuffer bytes;
        private final Purpose purpose;
        private final @Nullable Slab slab;
        private final Runnable hangUp;
        private boolean isOver;

        /// Others wait, at least since then.
        private @Nullable Long wantedSinceNanos;

        private boolean isHungUpOn;

        private Lease(Purpose purpose, ByteBuffer bytes, @Nullable Slab slab, Runnable hangUp) {
            this.purpose = purpose;
            this.bytes = bytes.clear();
            this.slab = slab;
            this.hangUp = hangUp;
        }

        ByteBuffer bytes() {
            return bytes;
        }

        boolean isLong() {
            return purpose == Purpose.LONG_MESSAGE;
        }
    }

    /// The buffers of one purpose.
    private static final class Share {
        final Purpose purpose;
        final int most;
        final ArrayDeque<Turn> queue = new ArrayDeque<>();

        /// Those that are taken, for longest first.
        final Set<Lease> taken = new LinkedHashSet<>();

        Share(Purpose purpose, int most) {
            this.purpose = purpose;
            this.most = most;
        }
    }

    /// A place in the queue.
    private static final class Turn {
        final Condition come;
        final Runnable hangUp;
        @Nullable Lease lease;

        Turn(Condition come, Runnable hangUp) {
            this.come = come;
            this.hangUp = hangUp;
        }
    }

    private final int limitBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Share receiving;
    private final Share sending;
    private final ArrayDeque<Slab> idle = new ArrayDeque<>();
    private final IntFunction<ByteBuffer> longMessages;
    private final int longMessagesMost;
    private int longMessageBytes;
    private final Backlog backlog;

    /// The fewest that were idle since the last look.
    private int unneeded;

    private long lookedAtNanos;
    private boolean closed;

    /// What [#tick] said last, if nobody has called for it since.
    private boolean isAtRest = true;

    private final Runnable onWork;

    public BufferPool(BufferLimits limits, long nowNanos) {
        this(limits, nowNanos, () -> {}, ByteBuffer::allocate);
    }

    /// A pool that nobody has taken from yet.
    ///
    /// @param nowNanos monotonic
    /// @param onWork called when [#tick] has something to do again; must not block
    public BufferPool(BufferLimits limits, long nowNanos, Runnable onWork) {
        this(limits, nowNanos, onWork, ByteBuffer::allocate);
    }

    /// @param longMessages makes the buffers for them; may run out of memory
    BufferPool(
            BufferLimits limits,
            long nowNanos,
            Runnable onWork,
            IntFunction<ByteBuffer> longMessages) {
        this.onWork = onWork;
        this.longMessages = longMessages;
        limitBytes = limits.totalBytes();
        receiving = new Share(Purpose.RECEIVING, limitBytes / 2 / BUFFER_BYTES);
        sending = new Share(Purpose.SENDING, limitBytes / 4 / BUFFER_BYTES);
        longMessagesMost = limitBytes / 4;
        backlog = new Backlog(limitBytes / 4);
        lookedAtNanos = nowNanos;
    }

    /// What may wait to be said, before it comes to a buffer.
    Backlog backlog() {
        return backlog;
    }

    /// A cleared buffer to receive into, or null if there is none at the moment.
    @Nullable Lease tryReceive() {
        return tryTake(receiving, () -> {});
    }

    /// A cleared buffer to send from, or null if there is none at the moment.
    ///
    /// @param hangUp called once if it is held for too long while others wait; on the thread of
    ///   [#tick], must not block
    @Nullable Lease trySend(Runnable hangUp) {
        return tryTake(sending, hangUp);
    }

    /// A cleared buffer to receive into, when it is this caller's turn; null if nobody wants it any
    /// more.
    ///
    /// @param isOver looked at after each [#wake]
    @Nullable Lease receive(BooleanSupplier isOver) {
        return take(receiving, isOver, () -> {});
    }

    /// As [#receive], to send from.
    ///
    /// @param hangUp as for [#trySend]
    @Nullable Lease send(BooleanSupplier isOver, Runnable hangUp) {
        return take(sending, isOver, hangUp);
    }

    private @Nullable Lease tryTake(Share share, Runnable hangUp) {
        lock.lock();
        try {
            boolean isFree = share.taken.size() < share.most && share.queue.isEmpty();
            return isFree ? hand(share, hangUp) : null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Lease take(Share share, BooleanSupplier isOver, Runnable hangUp) {
        lock.lock();
        try {
            Lease free = tryTake(share, hangUp);
            if (free != null) {
                return free;
            }
            var turn = new Turn(lock.newCondition(), hangUp);
            share.queue.add(turn);
            callForTick();
            while (turn.lease == null && !isOver.getAsBoolean()) {
                turn.come.awaitUninterruptibly();
            }
            share.queue.remove(turn);
            return turn.lease;
        } finally {
            lock.unlock();
        }
    }

    private Lease hand(Share share, Runnable hangUp) {
        Slab kept = idle.pollLast();
        unneeded = Math.min(unneeded, idle.size());
        Slab slab = kept == null ? Slab.make() : kept;
        var lease = new Lease(share.purpose, slab.bytes(), slab, hangUp);
        share.taken.add(lease);
        return lease;
    }

    /// The caller must not touch the buffer afterwards.
    ///
    /// @throws IllegalStateException if it was given back before
    void giveBack(Lease lease) {
        lock.lock();
        try {
            if (lease.isOver) {
                throw new IllegalStateException("a buffer is given back that nobody has");
            }
            lease.isOver = true;
            if (lease.slab != null) {
                idle.add(lease.slab);
                callForTick();
            }
            switch (lease.purpose) {
                case RECEIVING -> returned(receiving, lease);
                case SENDING -> returned(sending, lease);
                case LONG_MESSAGE -> returnLong(lease.bytes.capacity());
            }
        } finally {
            lock.unlock();
        }
    }

    private void returned(Share share, Lease lease) {
        share.taken.remove(lease);
        Turn next = share.queue.poll();
        if (next != null) {
            next.lease = hand(share, next.hangUp);
            next.come.signal();
        } else if (closed) {
            free(idle.size());
        }
    }

    /// Room for a message that is longer than a buffer, or null if such messages have taken all
    /// that is theirs.
    @Nullable Lease tryTakeLong(int bytes) {
        lock.lock();
        try {
            if (bytes > longMessagesMost - longMessageBytes) {
                return null;
            }
            longMessageBytes += bytes;
        } finally {
            lock.unlock();
        }
        try {
            return new Lease(Purpose.LONG_MESSAGE, longMessages.apply(bytes), null, () -> {});
        } catch (OutOfMemoryError none) {
            returnLong(bytes);
            throw none;
        }
    }

    private void returnLong(int bytes) {
        lock.lock();
        try {
            longMessageBytes -= bytes;
        } finally {
            lock.unlock();
        }
    }

    /// Whether those who send should give back what they hold as soon as it is sent.
    boolean isSendingWanted() {
        lock.lock();
        try {
            return !sending.queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Whether those who receive should hold nothing that they do not need this moment.
    boolean isScarce() {
        lock.lock();
        try {
            return receiving.taken.size() > receiving.most / 2;
        } finally {
            lock.unlock();
        }
    }

    /// Makes those who wait look again whether they still want to.
    void wake() {
        lock.lock();
        try {
            receiving.queue.forEach(turn -> turn.come.signal());
            sending.queue.forEach(turn -> turn.come.signal());
        } finally {
            lock.unlock();
        }
    }

    private void callForTick() {
        if (isAtRest) {
            isAtRest = false;
            onWork.run();
        }
    }

    /// Frees what nobody has needed since the last look, a while ago, and hangs up on those who
    /// keep others waiting.
    ///
    /// @return in how many nanoseconds there is more to do; [Long#MAX_VALUE] until it is called for
    public long tick(long nowNanos) {
        long rest;
        List<Lease> tooSlow;
        lock.lock();
        try {
            tooSlow = keepingOthersWaiting(nowNanos);
            if (nowNanos - lookedAtNanos >= KEEP_NANOS) {
                lookedAtNanos = nowNanos;
                free(unneeded);
                unneeded = idle.size();
            }
            isAtRest = idle.isEmpty() && sending.queue.isEmpty();
            rest = isAtRest ? Long.MAX_VALUE : LOOK_NANOS;
        } finally {
            lock.unlock();
        }
        tooSlow.forEach(lease -> lease.hangUp.run());
        return rest;
    }

    /// For each that waits to send one that has kept it waiting for too long, if there are so many.
    private List<Lease> keepingOthersWaiting(long nowNanos) {
        int waiting = sending.queue.size();
        var tooSlow = new ArrayList<Lease>();
        for (Lease lease : sending.taken) {
            if (sending.queue.isEmpty()) {
                lease.wantedSinceNanos = null;
            } else if (lease.wantedSinceNanos == null) {
                lease.wantedSinceNanos = nowNanos;
            } else if (lease.isHungUpOn) {
                waiting--; // about to be given back
            } else if (waiting > 0 && nowNanos - lease.wantedSinceNanos >= YIELD_NANOS) {
                waiting--;
                lease.isHungUpOn = true;
                tooSlow.add(lease);
            }
        }
        return tooSlow;
    }

    private void free(int count) {
        for (int i = 0; i < count && !idle.isEmpty(); i++) {
            idle.removeFirst().arena().close();
        }
    }

    /// What is held and kept now.
    public BufferUse use() {
        lock.lock();
        try {
            return new BufferUse(
                    limitBytes,
                    (long) receiving.taken.size() * BUFFER_BYTES,
                    (long) sending.taken.size() * BUFFER_BYTES,
                    longMessageBytes,
                    backlog.takenBytes(),
                    (long) idle.size() * BUFFER_BYTES,
                    receiving.queue.size() + sending.queue.size());
        } finally {
            lock.unlock();
        }
    }

    /// Frees what is idle, and from now on whatever comes back.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            free(idle.size());
        } finally {
            lock.unlock();
        }
    }
}
