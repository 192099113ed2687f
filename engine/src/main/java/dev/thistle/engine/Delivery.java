package dev.thistle.engine;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.event.SessionEvent.Missed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The events on their way to one subscriber, and the thread that brings them. Follows the rules of
/// [Flow]: nothing is brought that was not asked for, one at a time. Thread-safe.
final class Delivery implements Flow.Subscription {

    private static final Logger LOG = System.getLogger(Delivery.class.getName());

    private final Flow.Subscriber<? super SessionEvent> subscriber;
    private final int capacity;
    private final Consumer<Delivery> onEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // all under the lock
    private final ArrayDeque<SessionEvent> waiting = new ArrayDeque<>();
    private long missed;
    private long wanted;
    private boolean isOver;
    private boolean isCancelled;
    private @Nullable IllegalArgumentException misuse;

    /// @param onEnd told when nothing more is brought
    Delivery(
            Flow.Subscriber<? super SessionEvent> subscriber,
            int capacity,
            Consumer<Delivery> onEnd) {
        this.subscriber = subscriber;
        this.capacity = capacity;
        this.onEnd = onEnd;
    }

    void start() {
        Thread.ofVirtual().name("events").start(this::run);
    }

    /// Queues an event, or counts it as missed.
    void offer(SessionEvent event) {
        lock.lock();
        try {
            if (waiting.size() >= capacity) {
                missed++;
                return;
            }
            if (missed > 0) {
                waiting.add(new Missed(missed));
                missed = 0;
            }
            waiting.add(event);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more will come.
    void finish() {
        lock.lock();
        try {
            isOver = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void request(long count) {
        lock.lock();
        try {
            if (count <= 0) {
                misuse = new IllegalArgumentException("%d wanted, allowed 1..".formatted(count));
            } else {
                wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() {
        lock.lock();
        try {
            isCancelled = true;
            waiting.clear();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            subscriber.onSubscribe(this);
            SessionEvent next = take();
            while (next != null) {
                subscriber.onNext(next);
                next = take();
            }
            end();
        } catch (RuntimeException bug) {
            LOG.log(Level.WARNING, "a subscriber of events failed and hears no more", bug);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            onEnd.accept(this);
        }
    }

    /// Waits for the next event that is wanted.
    ///
    /// @return null when there will be none
    private @Nullable SessionEvent take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (isCancelled || misuse != null) {
                    return null;
                }
                if (waiting.isEmpty() && missed > 0) {
                    waiting.add(new Missed(missed));
                    missed = 0;
                }
                if (waiting.isEmpty() && isOver) {
                    return null;
                }
                if (wanted > 0 && !waiting.isEmpty()) {
                    wanted--;
                    return waiting.remove();
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        if (misuse != null) {
            subscriber.onError(misuse);
        } else if (!isCancelled) {
            subscriber.onComplete();
        }
    }
}
