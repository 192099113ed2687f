package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.event.SessionEvent;
import dev.thistle.engine.event.SessionEvent.Missed;
import dev.thistle.engine.event.SessionEvent.PieceVerified;
import dev.thistle.protocol.InfoHash;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventsTest {

    private static final InfoHash HASH = InfoHash.of(new byte[20]);

    private final Events events = new Events();

    private static SessionEvent event(int number) {
        return new PieceVerified(HASH, number);
    }

    private void tell(int from, int to) {
        IntStream.range(from, to).forEach(number -> events.tell(event(number)));
    }

    /// Keeps what it hears and asks for nothing by itself.
    private static final class Kept implements Flow.Subscriber<SessionEvent> {
        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final CompletableFuture<String> end = new CompletableFuture<>();
        final LinkedBlockingQueue<SessionEvent> heard = new LinkedBlockingQueue<>();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
        }

        @Override
        public void onNext(SessionEvent event) {
            heard.add(event);
        }

        @Override
        public void onError(Throwable failed) {
            end.complete(String.valueOf(failed.getMessage()));
        }

        @Override
        public void onComplete() {
            end.complete("complete");
        }
    }

    @Test
    void a_listener_hears_everything_in_order_and_then_the_end() throws Exception {
        var heard = new LinkedBlockingQueue<SessionEvent>();
        try (var _ = events.listen(heard::add)) {
            tell(0, 1_000);
            for (int i = 0; i < 1_000; i++) {
                assertThat(heard.take()).isEqualTo(event(i));
            }
        }
    }

    @Test
    void no_more_comes_than_was_asked_for() throws Exception {
        var kept = new Kept();
        events.subscribe(kept);
        tell(0, 10);
        kept.subscription.get().request(2);
        kept.subscription.get().request(1);
        assertThat(List.of(kept.heard.take(), kept.heard.take(), kept.heard.take()))
                .containsExactly(event(0), event(1), event(2));
        events.close();
        kept.subscription.get().request(Long.MAX_VALUE);
        assertThat(kept.end.get()).isEqualTo("complete");
        assertThat(kept.heard).as("what was waiting comes first").hasSize(7);
    }

    /// To tell returns although the subscriber takes nothing; what it missed stands in its place.
    @Test
    void a_slow_subscriber_holds_nobody_up_and_is_told_how_much_it_missed() throws Exception {
        var slow = new Kept();
        var quick = new LinkedBlockingQueue<SessionEvent>();
        events.subscribe(slow);
        tell(0, Events.BUFFER + 500);
        try (var _ = events.listen(quick::add)) {
            slow.subscription.get().request(100);
            for (int i = 0; i < 100; i++) {
                assertThat(slow.heard.take()).isEqualTo(event(i));
            }
            tell(9_000_000, 9_000_001);
            assertThat(quick.take()).isEqualTo(event(9_000_000));
        }
        slow.subscription.get().request(Long.MAX_VALUE);
        for (int i = 100; i < Events.BUFFER; i++) {
            assertThat(slow.heard.take()).isEqualTo(event(i));
        }
        assertThat(slow.heard.take()).isEqualTo(new Missed(500));
        assertThat(slow.heard.take()).isEqualTo(event(9_000_000));
    }

    @Test
    void what_was_missed_is_told_although_nothing_follows() throws Exception {
        var slow = new Kept();
        events.subscribe(slow);
        tell(0, Events.BUFFER + 3);
        events.close();
        slow.subscription.get().request(Long.MAX_VALUE);
        assertThat(slow.end.get()).isEqualTo("complete");
        assertThat(new ArrayList<>(slow.heard).getLast()).isEqualTo(new Missed(3));
    }

    @Test
    void who_cancels_hears_no_more_and_nobody_is_kept_for_it() throws Exception {
        var first = new CountDownLatch(1);
        var heard = new LinkedBlockingQueue<SessionEvent>();
        var kept = new Kept();
        events.subscribe(kept);
        kept.subscription.get().cancel();
        kept.subscription.get().request(10);
        try (var _ =
                events.listen(event -> {
                    heard.add(event);
                    first.countDown();
                })) {
            tell(0, 1);
            first.await();
        }
        assertThat(heard).hasSize(1);
        assertThat(kept.heard).isEmpty();
        assertThat(kept.end).isNotDone();
    }

    @Test
    void a_listener_that_throws_is_let_go_and_the_others_hear_on() throws Exception {
        var heard = new LinkedBlockingQueue<SessionEvent>();
        try (var _ =
                        events.listen(event -> {
                            throw new IllegalStateException("a bug of the listener");
                        });
                var _ = events.listen(heard::add)) {
            tell(0, 2);
            assertThat(heard.take()).isEqualTo(event(0));
            assertThat(heard.take()).isEqualTo(event(1));
        }
    }

    @Test
    void to_ask_for_nothing_is_an_error() throws Exception {
        var kept = new Kept();
        events.subscribe(kept);
        kept.subscription.get().request(0);
        assertThat(kept.end.get()).contains("0 wanted");
    }

    @Test
    void who_comes_after_the_end_hears_the_end() throws Exception {
        events.close();
        var late = new Kept();
        events.subscribe(late);
        assertThat(late.end.get()).isEqualTo("complete");
    }
}
