package dev.thistle.engine.torrent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnaskedAllowanceTest {

    private final UnaskedAllowance allowance = new UnaskedAllowance();

    private int spendAll() {
        int spent = 0;
        while (allowance.spend()) {
            spent++;
        }
        return spent;
    }

    @Test
    void who_sends_nothing_that_was_asked_for_soon_has_none_left() {
        assertThat(spendAll()).isEqualTo(1024);
    }

    @Test
    void good_blocks_earn_it_back_but_cannot_be_saved_up() {
        for (int block = 0; block < 5000; block++) {
            allowance.blockCame();
        }
        for (int pair = 0; pair < 5000; pair++) {
            assertThat(allowance.spend()).isTrue();
            allowance.blockCame();
        }
        assertThat(spendAll()).isEqualTo(1024);
    }

    @Test
    void each_request_that_was_taken_back_may_be_answered_all_the_same() {
        for (int round = 0; round < 100; round++) {
            allowance.takenBack(500);
            for (int late = 0; late < 500; late++) {
                assertThat(allowance.spend()).isTrue();
            }
        }
        assertThat(spendAll()).isEqualTo(1024);
    }
}
