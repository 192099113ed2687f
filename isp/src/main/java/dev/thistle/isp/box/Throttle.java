package dev.thistle.isp.box;

import dev.thistle.isp.policy.Action;
import java.util.ArrayDeque;
import java.util.function.ObjLongConsumer;

/// A token bucket and the packets that wait for it (I5). Owned by the thread of the box.
final class Throttle implements Agenda.Entry {

    private final TokenBucket bucket;
    private final int queueBytes;
    private final Agenda agenda;
    private final ObjLongConsumer<Parcel> end;
    private final ArrayDeque<Parcel> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private long dueNanos;

    /// @param end gets each parcel, with the moment it may go on
    Throttle(Action.Throttle how, Agenda agenda, ObjLongConsumer<Parcel> end) {
        bucket = new TokenBucket(new Rate(how.bitsPerSecond()), how.burstBytes());
        queueBytes = how.queueBytes();
        this.agenda = agenda;
        this.end = end;
    }

    /// Lets a parcel pass or wait.
    ///
    /// @return false if the queue is full: the parcel stays with the caller
    boolean offer(Parcel parcel, long nowNanos) {
        int bytes = parcel.ipBytes();
        if (waiting.isEmpty() && bucket.readyNanos(bytes, nowNanos) == nowNanos) {
            bucket.take(bytes, nowNanos);
            end.accept(parcel, nowNanos);
            return true;
        }
        if (waitingBytes + bytes > queueBytes && !waiting.isEmpty()) {
            return false;
        }
        waiting.add(parcel);
        waitingBytes += bytes;
        if (waiting.size() == 1) {
            waitForFirst(nowNanos);
        }
        return true;
    }

    private void waitForFirst(long nowNanos) {
        dueNanos = bucket.readyNanos(waiting.getFirst().ipBytes(), nowNanos);
        agenda.add(this);
    }

    @Override
    public long dueNanos() {
        return dueNanos;
    }

    @Override
    public void run(long nanos) {
        Parcel parcel = waiting.removeFirst();
        waitingBytes -= parcel.ipBytes();
        bucket.take(parcel.ipBytes(), nanos);
        if (!waiting.isEmpty()) {
            waitForFirst(nanos);
        }
        end.accept(parcel, nanos);
    }
}
