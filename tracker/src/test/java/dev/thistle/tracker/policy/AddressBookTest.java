package dev.thistle.tracker.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AddressBookTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AddressBook book = new AddressBook(10, 50, 3, nanos::get, 99);

    @Test
    void an_address_has_a_burst_and_then_its_rate() {
        byte[] ip = {1, 2, 3, 4};
        assertThat(granted(ip, 100)).isEqualTo(50);
        nanos.addAndGet(500_000_000L);
        assertThat(granted(ip, 100)).isEqualTo(5);
        assertThat(granted(new byte[] {1, 2, 3, 5}, 100)).isEqualTo(50);
        nanos.addAndGet(3_600_000_000_000L);
        assertThat(granted(ip, 100)).isEqualTo(50);
    }

    @Test
    void an_address_has_a_limited_number_of_rows() {
        byte[] ip = {1, 2, 3, 4};
        for (int k = 0; k < 3; k++) {
            assertThat(book.enter(ip)).isTrue();
        }
        assertThat(book.enter(ip)).isFalse();
        book.leave(ip);
        assertThat(book.enter(ip)).isTrue();
    }

    @Test
    void a_slash_64_is_one_address() {
        byte[] one = new byte[16];
        byte[] two = new byte[16];
        one[7] = two[7] = 5;
        two[15] = 1;
        byte[] elsewhere = new byte[16];
        elsewhere[7] = 6;
        assertThat(granted(one, 100)).isEqualTo(50);
        assertThat(granted(two, 100)).isZero();
        assertThat(granted(elsewhere, 100)).isEqualTo(50);
    }

    @Test
    void rows_survive_while_thousands_of_others_come_and_go() {
        byte[] kept = {9, 9, 9, 9};
        for (int k = 0; k < 3; k++) {
            assertThat(book.enter(kept)).isTrue();
        }
        for (int k = 0; k < 100_000; k++) {
            byte[] ip = {10, (byte) (k >> 16), (byte) (k >> 8), (byte) k};
            assertThat(book.mayAnnounce(ip)).isTrue();
            nanos.addAndGet(1_000_000_000L);
        }
        assertThat(book.enter(kept)).isFalse();
    }

    private int granted(byte[] ip, int tries) {
        int granted = 0;
        for (int k = 0; k < tries; k++) {
            granted += book.mayAnnounce(ip) ? 1 : 0;
        }
        return granted;
    }
}
