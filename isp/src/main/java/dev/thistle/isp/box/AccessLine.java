package dev.thistle.isp.box;

import dev.thistle.isp.box.BoxCounters.Reason;
import java.util.ArrayDeque;
import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One direction of a customer's line: packets are sent one after the other at the line's rate,
/// wait for their turn in a queue that drops what is too much, then travel. Owned by the box's
/// thread.
///
/// The queue is not kept as a list: a line that is busy until a moment has exactly the bytes before
/// it that it can send until then. A lost packet has taken its time on the line. Forged resets are
/// never dropped or lost, so that their number of copies means what it says.
final class AccessLine implements Agenda.Entry {

    private final LineProfile profile;
    private final Rate rate;
    private final long delayNanos;
    private final long jitterNanos;
    private final RandomGenerator random;
    private final Agenda agenda;
    private final ObjLongConsumer<Parcel> end;
    private final ArrayDeque<Parcel> travelling = new ArrayDeque<>();
    private boolean isUsed;
    private long busyUntilNanos;
    private long lastDueNanos;

    /// @param end gets each parcel, with the moment of its arrival
    AccessLine(
            LineProfile profile,
            RandomGenerator random,
            Agenda agenda,
            ObjLongConsumer<Parcel> end) {
        this.profile = profile;
        this.random = random;
        this.agenda = agenda;
        this.end = end;
        rate = new Rate(profile.bitsPerSecond());
        delayNanos = profile.delay().toNanos();
        jitterNanos = profile.jitter().toNanos();
    }

    /// Puts a parcel on the line.
    ///
    /// @return why it was not taken, or null if it was; what is not taken stays with the caller
    @Nullable Reason offer(Parcel parcel, long nowNanos) {
        if (!isUsed) {
            isUsed = true;
            busyUntilNanos = nowNanos;
            lastDueNanos = nowNanos;
        }
        boolean isForged = parcel.resetCopies > 0;
        int bytes = parcel.ipBytes();
        long waitNanos = Math.max(0, busyUntilNanos - nowNanos);
        if (!isForged && waitNanos > 0 && rate.bytesIn(waitNanos) + bytes > profile.queueBytes()) {
            return Reason.LINE_FULL;
        }
        busyUntilNanos = nowNanos + waitNanos + rate.nanosFor(bytes);
        if (!isForged && profile.lossRate() > 0 && random.nextDouble() < profile.lossRate()) {
            return Reason.LINE_LOSS;
        }
        long jitter = jitterNanos == 0 ? 0 : random.nextLong(jitterNanos + 1);
        long due = busyUntilNanos + delayNanos + jitter;
        lastDueNanos += Math.max(0, due - lastDueNanos);
        parcel.dueNanos = lastDueNanos;
        if (travelling.isEmpty() && lastDueNanos == nowNanos) {
            end.accept(parcel, nowNanos);
            return null;
        }
        travelling.add(parcel);
        if (travelling.size() == 1) {
            agenda.add(this);
        }
        return null;
    }

    @Override
    public long dueNanos() {
        return travelling.getFirst().dueNanos;
    }

    @Override
    public void run(long nanos) {
        Parcel parcel = travelling.removeFirst();
        if (!travelling.isEmpty()) {
            agenda.add(this);
        }
        end.accept(parcel, nanos);
    }
}
