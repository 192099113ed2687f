package dev.thistle.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// One direction of a link in memory: a bounded queue of segments, each with the time at which it
/// may be read. One thread writes, one reads, any may end or cut it; all state is under one lock.
///
/// No thread moves the bytes. The writer works out when a segment will arrive, and the reader's
/// own timed wait lets that time pass:
///
///     write -> up line -> path -> latency + jitter -> [in flight] -> down line -> read
///
/// The line into the receiver is asked only when a segment has arrived: asking earlier would
/// reserve it for bytes that are still on a slow way and keep everybody else's off it.
final class Wire {

    /// How a call ended.
    enum Outcome {
        DONE,
        /// Patience is over.
        TIMED_OUT,
        /// The writer hears that nobody reads any more.
        REFUSED,
        /// This end of the wire was ended by somebody else; its link knows why.
        ENDED
    }

    /// Answer of [#read]: the writer has sent all it wanted.
    static final int END_OF_STREAM = -1;

    /// Answer of [#read]: nothing came in time.
    static final int TIMED_OUT = -2;

    /// Answer of [#read]: this end of the wire was ended by somebody else; its link knows why.
    static final int ENDED = -3;

    private static final long NEVER = Long.MAX_VALUE;

    /// On a slow line a segment holds 10 ms worth of bytes, so that they trickle in, but no less
    /// than a full frame of Ethernet (1460) and no more than a block of BitTorrent.
    private static final int SEGMENTS_PER_SECOND = 100;

    private static final int MIN_SEGMENT_BYTES = 1460;
    private static final int MAX_SEGMENT_BYTES = 16 * 1024;

    /// Reads of a segmented wire stop 1 to 2^0, …, 1 to 2^14 bytes apart: every scale, from a
    /// single byte to a block, is as likely as any other.
    private static final int CUT_SCALES = 15;

    private static final class Segment {
        final ByteBuffer bytes;
        final long arrivesAt;

        /// When the line into the receiver is through with it; 0 until that line was asked.
        long readableAt;

        Segment(ByteBuffer bytes, long arrivesAt) {
            this.bytes = bytes;
            this.arrivesAt = arrivesAt;
        }
    }

    private final Conditions conditions;
    private final Line up;
    private final Line path;
    private final Line down;
    private final RandomGenerator delays;
    private final RandomGenerator cuts;
    private final long resetAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Condition room = lock.newCondition();

    private final ArrayDeque<Segment> inFlight = new ArrayDeque<>();
    private int inFlightBytes;
    private long bytesRead;
    private long nextCut;

    private boolean writerEnded;
    private long endArrivesAt = NEVER;
    private boolean readerEnded;
    private long refusalArrivesAt = NEVER;
    private long brokenSince = NEVER;

    /// @param up the line out of the sender
    /// @param down the line into the receiver
    /// @param random for this wire alone
    Wire(Conditions conditions, Line up, Line down, RandomGenerator.SplittableGenerator random) {
        this.conditions = conditions;
        this.up = up;
        this.path = new Line(conditions.bytesPerSecond());
        this.down = down;
        // Apart, because reader and writer draw in an order that nobody controls.
        this.delays = random.split();
        this.cuts = random.split();
        this.resetAt =
                switch (conditions.resets()) {
                    case Resets.Never() -> NEVER;
                    case Resets.After(long bytes) -> bytes;
                    case Resets.Randomly(long meanBytes) ->
                            1 + (long) (random.nextExponential() * meanBytes);
                };
        this.nextCut = conditions.segmented() ? drawCut() : NEVER;
    }

    /// Puts all that remains in `source` on the wire, waiting for room as needed.
    ///
    /// @param deadline as [Deadline#after] gives it
    Outcome write(ByteBuffer source, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            int segmentBytes = segmentBytes();
            while (!writerEnded) {
                long now = Deadline.now();
                if (now >= refusalArrivesAt && refusalArrivesAt <= brokenSince) {
                    return Outcome.REFUSED;
                }
                int free = conditions.inFlightBytes() - inFlightBytes;
                if (!source.hasRemaining()) {
                    return Outcome.DONE;
                } else if (free > 0) {
                    send(source, Math.min(Math.min(free, segmentBytes), source.remaining()), now);
                } else if (now >= deadline) {
                    return Outcome.TIMED_OUT;
                } else {
                    room.awaitNanos(deadline - now);
                }
            }
            return Outcome.ENDED;
        } finally {
            lock.unlock();
        }
    }

    private int segmentBytes() {
        long rate = Math.min(path.bytesPerSecond(), up.bytesPerSecond());
        rate = Math.min(rate, down.bytesPerSecond());
        return Math.clamp(rate / SEGMENTS_PER_SECOND, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
    }

    private void send(ByteBuffer source, int bytes, long now) {
        ByteBuffer copy = ByteBuffer.allocate(bytes);
        copy.put(0, source, source.position(), bytes);
        source.position(source.position() + bytes);
        if (readerEnded && !isBroken()) {
            return; // on its way to a closed door; the refusal is on its way back
        }
        long delay = conditions.latency().toNanos();
        if (conditions.jitter().isPositive()) {
            delay += delays.nextLong(conditions.jitter().toNanos() + 1);
        }
        long sent = path.carry(up.carry(now, bytes), bytes);
        inFlight.add(new Segment(copy, sent + delay));
        inFlightBytes += bytes;
        if (inFlight.size() == 1) {
            arrival.signal();
        }
    }

    /// Takes what has arrived, waiting for the first byte as needed.
    ///
    /// @param deadline as [Deadline#after] gives it
    /// @return bytes, 1 or more, or one of the negative answers
    int read(ByteBuffer target, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!readerEnded) {
                long now = Deadline.now();
                int bytes = take(target, now);
                if (bytes > 0) {
                    room.signal();
                    return bytes;
                }
                long next = nextEventAt();
                if (inFlight.isEmpty() && next <= now) {
                    return END_OF_STREAM;
                } else if (now >= deadline) {
                    return TIMED_OUT;
                }
                arrival.awaitNanos(Math.min(next, deadline) - now);
            }
            return ENDED;
        } finally {
            lock.unlock();
        }
    }

    private int take(ByteBuffer target, long now) {
        int before = target.position();
        boolean mayGoOn = true;
        Segment head = inFlight.peek();
        while (mayGoOn && target.hasRemaining() && head != null && isReadable(head, now)) {
            long stop = Math.min(nextCut, resetAt);
            int wanted = (int) Math.min(target.remaining(), stop - bytesRead);
            int bytes = Math.min(wanted, head.bytes.remaining());
            target.put(target.position(), head.bytes, head.bytes.position(), bytes);
            target.position(target.position() + bytes);
            head.bytes.position(head.bytes.position() + bytes);
            bytesRead += bytes;
            inFlightBytes -= bytes;
            if (!head.bytes.hasRemaining()) {
                inFlight.remove();
                head = inFlight.peek();
            }
            mayGoOn = bytesRead < stop;
        }
        if (bytesRead == nextCut) {
            nextCut = bytesRead + drawCut();
        }
        return target.position() - before;
    }

    private boolean isReadable(Segment segment, long now) {
        if (segment.arrivesAt > Math.min(now, brokenSince)) {
            return false;
        }
        if (segment.readableAt == 0) {
            segment.readableAt = down.carry(segment.arrivesAt, segment.bytes.remaining());
        }
        return segment.readableAt <= now;
    }

    /// When it is worth looking again, if nothing else happens.
    private long nextEventAt() {
        Segment head = inFlight.peek();
        if (head != null && head.readableAt != 0) {
            return head.readableAt;
        }
        long arrivesAt = head == null ? endArrivesAt : head.arrivesAt;
        return arrivesAt <= brokenSince ? arrivesAt : NEVER;
    }

    private long drawCut() {
        return 1 + cuts.nextLong(1L << cuts.nextInt(CUT_SCALES));
    }

    /// Whether the byte was read that provokes the reset.
    boolean isResetDue() {
        lock.lock();
        try {
            return bytesRead >= resetAt;
        } finally {
            lock.unlock();
        }
    }

    /// The writer has hung up: the reader gets what is in flight, then the end of the stream.
    void endWriter() {
        lock.lock();
        try {
            writerEnded = true;
            endArrivesAt = Deadline.now() + conditions.latency().toNanos();
            arrival.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The reader has hung up: what is in flight is lost, and the writer hears of it.
    ///
    /// @param back the direction in which that news travels
    void endReader(Conditions back) {
        lock.lock();
        try {
            readerEnded = true;
            refusalArrivesAt = Deadline.now() + back.latency().toNanos();
            dropIfLost();
            arrival.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Pulls the cable: nothing more arrives, in silence, and a writer waits once the buffer is
    /// full. What had arrived can still be read.
    void cut() {
        lock.lock();
        try {
            brokenSince = Math.min(brokenSince, Deadline.now());
        } finally {
            lock.unlock();
        }
    }

    /// Puts the cable back. What was held up arrives at once, as if TCP had just sent it again.
    void mend() {
        lock.lock();
        try {
            brokenSince = NEVER;
            dropIfLost();
            arrival.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void dropIfLost() {
        if (readerEnded && !isBroken()) {
            inFlight.clear();
            inFlightBytes = 0;
            room.signalAll();
        }
    }

    private boolean isBroken() {
        return brokenSince != NEVER;
    }
}
