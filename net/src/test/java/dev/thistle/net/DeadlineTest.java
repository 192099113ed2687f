package dev.thistle.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private final Deadline deadline = new Deadline();

    @Test
    void does_not_expire_before_its_time() {
        deadline.start(Duration.ofHours(1));

        assertThat(deadline.expire(Deadline.now())).isFalse();
        assertThat(deadline.finish()).isTrue();
    }

    @Test
    void expires_once_and_then_the_call_is_late() {
        deadline.start(Duration.ofHours(1));
        long later = Deadline.now() + Duration.ofHours(2).toNanos();

        assertThat(deadline.expire(later)).isTrue();
        assertThat(deadline.expire(later)).isFalse();
        assertThat(deadline.isRunning()).isFalse();
        assertThat(deadline.finish()).isFalse();
    }

    @Test
    void does_not_expire_between_calls() {
        deadline.start(Duration.ofNanos(1));
        assertThat(deadline.finish()).isTrue();

        assertThat(deadline.expire(Long.MAX_VALUE)).isFalse();
        assertThat(deadline.finish()).isTrue();
    }

    @Test
    void endless_patience_lasts_for_decades() {
        deadline.start(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(deadline.expire(Deadline.now() + Duration.ofDays(36_500).toNanos())).isFalse();
    }
}
