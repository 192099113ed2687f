package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.Wait;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PulseTest {

    private final AtomicLong clock = new AtomicLong();
    private final Pulse pulse = new Pulse(clock::incrementAndGet);

    @AfterEach
    void stop() {
        pulse.close();
    }

    private static Pulse.Listener telling(LinkedBlockingQueue<Long> told) {
        return now -> {
            told.add(now);
            return 0;
        };
    }

    @Test
    void it_sleeps_while_nobody_has_anything_to_do_and_wakes_for_who_hurries() throws Exception {
        var told = new LinkedBlockingQueue<Long>();
        pulse.add(now -> {
            told.add(now);
            return Pulse.NEVER;
        });
        long first = told.take();
        Wait.until(pulse::isAsleep);
        pulse.hurry();
        assertThat(told.take()).isGreaterThan(first);
        Wait.until(pulse::isAsleep);
    }

    @Test
    void who_hurries_is_told_at_once_although_everybody_wants_to_rest_for_long() throws Exception {
        var told = new LinkedBlockingQueue<Long>();
        pulse.add(now -> {
            told.add(now);
            return TimeUnit.DAYS.toNanos(1);
        });
        for (int i = 0; i < 20; i++) { // wherever between two looks it is
            told.take();
            pulse.hurry();
        }
    }

    @Test
    void everybody_who_listens_is_told_the_time_again_and_again() throws Exception {
        var first = new LinkedBlockingQueue<Long>();
        var second = new LinkedBlockingQueue<Long>();
        pulse.add(telling(first));
        assertThat(first.take()).isLessThan(first.take());
        pulse.add(telling(second));
        assertThat(second.take()).isLessThan(second.take());
    }

    @Test
    void who_left_is_told_no_more() throws Exception {
        var told = new LinkedBlockingQueue<Long>();
        var others = new LinkedBlockingQueue<Long>();
        Pulse.Listener leaver = telling(told);
        pulse.add(leaver);
        pulse.add(telling(others));
        told.take();
        pulse.remove(leaver);
        others.clear();
        others.take(); // perhaps of the beat that was under way
        others.take(); // of the next: that beat is over
        told.clear();
        others.take();
        others.take();
        assertThat(told).isEmpty();
    }
}
