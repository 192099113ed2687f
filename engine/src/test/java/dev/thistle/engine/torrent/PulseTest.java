package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
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

    @Test
    void everybody_who_listens_is_told_the_time_again_and_again() throws Exception {
        var first = new LinkedBlockingQueue<Long>();
        var second = new LinkedBlockingQueue<Long>();
        pulse.add(first::add);
        assertThat(first.take()).isLessThan(first.take());
        pulse.add(second::add);
        assertThat(second.take()).isLessThan(second.take());
    }

    @Test
    void who_left_is_told_no_more() throws Exception {
        var told = new LinkedBlockingQueue<Long>();
        var others = new LinkedBlockingQueue<Long>();
        LongConsumer leaver = told::add;
        pulse.add(leaver);
        pulse.add(others::add);
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
