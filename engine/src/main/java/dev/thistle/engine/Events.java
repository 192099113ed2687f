package dev.thistle.engine;

import dev.thistle.engine.event.SessionEvent;
import java.io.Closeable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// Tells subscribers what happens in a session. Thread-safe.
///
/// Each has a thread and a buffer of [#BUFFER] events of its own. To tell never waits: who does not
/// keep up misses events and is told how many.
final class Events implements Flow.Publisher<SessionEvent>, Closeable {

    /// Events that wait for one subscriber: some seconds of a fast torrent's pieces, at 100 bytes
    /// each under 1 MiB.
    static final int BUFFER = 8192;

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private volatile boolean isClosed;

    /// Tells everybody. Any thread; never waits.
    void tell(SessionEvent event) {
        for (Delivery delivery : deliveries) {
            delivery.offer(event);
        }
    }

    @Override
    public void subscribe(Flow.Subscriber<? super SessionEvent> subscriber) {
        begin(subscriber);
    }

    private Delivery begin(Flow.Subscriber<? super SessionEvent> subscriber) {
        var delivery = new Delivery(Objects.requireNonNull(subscriber), BUFFER, deliveries::remove);
        deliveries.add(delivery);
        delivery.start();
        if (isClosed) {
            delivery.finish();
        }
        return delivery;
    }

    /// Calls `listener` with every event, on a thread of its own. One that throws is not called
    /// again.
    ///
    /// @return ends it
    Closeable listen(Consumer<? super SessionEvent> listener) {
        return begin(new Listening(listener))::cancel;
    }

    /// Subscribers hear what they have not heard yet, and that this was all.
    @Override
    public void close() {
        isClosed = true;
        deliveries.forEach(Delivery::finish);
    }

    /// A subscriber that always wants more.
    private record Listening(Consumer<? super SessionEvent> listener)
            implements Flow.Subscriber<SessionEvent> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(SessionEvent event) {
            listener.accept(event);
        }

        @Override
        public void onError(Throwable impossible) {
            throw new IllegalStateException(impossible);
        }

        @Override
        public void onComplete() {}
    }
}
