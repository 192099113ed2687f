package dev.thistle.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConditionsTest {

    @Test
    void each_wish_changes_its_own_part_only() {
        Conditions all =
                Conditions.IDEAL
                        .withLatency(Duration.ofMillis(1))
                        .withJitter(Duration.ofMillis(2))
                        .withBytesPerSecond(3)
                        .withInFlightBytes(4)
                        .withSegmentation()
                        .withResets(new Resets.After(5))
                        .withLoss(0.5);

        assertThat(all)
                .isEqualTo(
                        new Conditions(
                                Duration.ofMillis(1),
                                Duration.ofMillis(2),
                                3,
                                4,
                                true,
                                new Resets.After(5),
                                0.5));
    }

    @Test
    void refuses_what_no_network_does() {
        Conditions ideal = Conditions.IDEAL;

        assertThatThrownBy(() -> ideal.withLatency(Duration.ofMillis(-1)))
                .hasMessage("latency PT-0.001S, allowed PT0S..PT1M");
        assertThatThrownBy(() -> ideal.withJitter(Duration.ofHours(1)))
                .hasMessage("jitter PT1H, allowed PT0S..PT1M");
        assertThatThrownBy(() -> ideal.withBytesPerSecond(0))
                .hasMessage("bytes per second 0, allowed > 0");
        assertThatThrownBy(() -> ideal.withInFlightBytes(0))
                .hasMessage("bytes in flight 0, allowed 1..16777216");
        assertThatThrownBy(() -> ideal.withLoss(1.1)).hasMessage("loss 1.1, allowed 0..1");
        assertThatThrownBy(() -> new Resets.After(0))
                .hasMessage("reset after 0 bytes, allowed > 0");
        assertThatThrownBy(() -> new Resets.Randomly(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
