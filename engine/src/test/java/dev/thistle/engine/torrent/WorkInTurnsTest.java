package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkInTurnsTest {

    private final LinkedBlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final CountDownLatch begin = new CountDownLatch(1);

    private Runnable work(String name) {
        return () -> {
            try {
                begin.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            done.add(name);
        };
    }

    private List<String> next(int count) throws InterruptedException {
        var next = new ArrayList<String>();
        while (next.size() < count) {
            next.add(done.take());
        }
        return next;
    }

    @Test
    void nobody_waits_for_all_that_another_asked_for() throws Exception {
        var turns = new WorkInTurns("test", 1, 10);
        for (int i = 1; i <= 4; i++) {
            turns.add("greedy", work("greedy " + i));
        }
        turns.add("one", work("one"));
        turns.add("two", work("two 1"));
        turns.add("two", work("two 2"));
        begin.countDown();
        assertThat(next(7))
                .containsExactly(
                        "greedy 1", "greedy 2", "one", "two 1", "greedy 3", "two 2", "greedy 4");
    }

    @Test
    void only_so_much_waits_for_each() throws Exception {
        var turns = new WorkInTurns("test", 1, 3);
        assertThat(IntStream.range(0, 9).filter(_ -> turns.add("a", work("a"))).count())
                .as("one is under way")
                .isEqualTo(4);
        assertThat(turns.add("b", work("b"))).isTrue();
        begin.countDown();
        assertThat(next(5)).containsExactlyInAnyOrder("a", "a", "a", "a", "b");
        assertThat(turns.add("a", work("again"))).isTrue();
        assertThat(next(1)).containsExactly("again");
    }

    @Test
    void for_who_is_gone_nothing_is_done() throws Exception {
        var turns = new WorkInTurns("test", 1, 10);
        turns.add("first", work("first"));
        turns.add("gone", work("gone"));
        turns.add("last", work("last"));
        turns.forget("gone");
        begin.countDown();
        assertThat(next(2)).containsExactly("first", "last");
    }

    @Test
    void as_much_is_done_at_once_as_may_be_and_a_bug_takes_no_turn_away() throws Exception {
        var turns = new WorkInTurns("test", 2, 10);
        var both = new CountDownLatch(2);
        for (int i = 0; i < 4; i++) {
            turns.add(
                    "a",
                    () -> {
                        Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
                        throw new IllegalStateException("a bug");
                    });
        }
        for (int i = 0; i < 2; i++) {
            turns.add(
                    "a",
                    () -> {
                        both.countDown();
                        work("a").run();
                    });
        }
        both.await();
        begin.countDown();
        assertThat(next(2)).containsExactly("a", "a");
    }
}
