package dev.thistle.engine.discovery;

import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One round of announces: trackers are asked in their order until one answers.
///
/// The next one is asked when the one before has failed, or when it has not answered for
/// [#PATIENCE_NANOS] and goes on being waited for: one that hangs must not keep peers away. But
/// whoever would be asked in the clear waits until every obfuscated tracker has really failed, and
/// with `oneAtATime` there is no such impatience at all.
///
/// Pure; owned by the announcer's thread.
final class AnnounceRound {

    /// Servers that are there answer within a second or two, a long way and a lost packet included.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Deque<Tracker> toAsk;
    private boolean oneAtATime;
    private final List<Asking> asked = new ArrayList<>();
    private long lastAskedNanos;
    private boolean answered;

    AnnounceRound(List<Tracker> trackers, boolean oneAtATime) {
        toAsk = new ArrayDeque<>(trackers);
        this.oneAtATime = oneAtATime;
    }

    /// From now on nobody is asked while another may still answer.
    void oneAtATime() {
        oneAtATime = true;
    }

    /// Whom to ask now, if anybody; [#asked] must follow.
    @Nullable Tracker next(long nowNanos) {
        Tracker first = toAsk.peekFirst();
        boolean mayAsk =
                first != null && !answered && (!isWaiting() || isImpatient(first, nowNanos));
        return mayAsk ? toAsk.pollFirst() : null;
    }

    private boolean isWaiting() {
        return asked.stream().anyMatch(Asking::isOpen);
    }

    private boolean isImpatient(Tracker next, long nowNanos) {
        return mayBeImpatient(next) && nowNanos - lastAskedNanos >= PATIENCE_NANOS;
    }

    private boolean mayBeImpatient(@Nullable Tracker next) {
        return next != null
                && !oneAtATime
                && asked.stream()
                        .filter(Asking::isOpen)
                        .allMatch(asking -> asking.tracker.form() == next.form());
    }

    void asked(Asking asking, long nowNanos) {
        asked.add(asking);
        lastAskedNanos = nowNanos;
    }

    /// One of those asked has answered.
    ///
    /// @return whether it was asked in this round
    boolean answered(Asking asking) {
        boolean isOurs = asked.contains(asking);
        answered |= isOurs;
        return isOurs;
    }

    boolean isAnswered() {
        return answered;
    }

    /// Whether there is nobody left to ask or to wait for.
    boolean isOver() {
        return answered || (toAsk.isEmpty() && !isWaiting());
    }

    /// When to look again, unless something happens before.
    long wakeAt(long nowNanos) {
        return mayBeImpatient(toAsk.peekFirst())
                ? lastAskedNanos + PATIENCE_NANOS
                : nowNanos + TimeUnit.MINUTES.toNanos(1);
    }
}
