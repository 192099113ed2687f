package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HashErrandTest {

    private static final long START = 1_000;

    private final HashErrand errand = new HashErrand();

    @Test
    void who_never_asked_is_not_at_it() {
        assertThat(errand.isUnderWay(START)).isFalse();
    }

    @Test
    void who_asked_is_at_it_until_it_was_quiet_for_a_while() {
        errand.asked(START);
        errand.asked(START + 7);
        assertThat(errand.isUnderWay(START + 7 + HashErrand.QUIET_NANOS - 1)).isTrue();
        assertThat(errand.isUnderWay(START + 7 + HashErrand.QUIET_NANOS)).isFalse();
    }

    @Test
    void who_never_stops_asking_is_waited_for_no_longer() {
        errand.asked(START);
        errand.asked(START + HashErrand.MAX_NANOS - 1);
        assertThat(errand.isUnderWay(START + HashErrand.MAX_NANOS - 1)).isTrue();
        assertThat(errand.isUnderWay(START + HashErrand.MAX_NANOS)).isFalse();
    }
}
