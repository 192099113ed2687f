package dev.thistle.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.SessionLimits;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void as_many_are_taken_as_there_are() {
        var quota = new Quota(2);
        assertThat(quota.tryTake()).isTrue();
        assertThat(quota.tryTake()).isTrue();
        assertThat(quota.tryTake()).isFalse();
        quota.giveBack();
        assertThat(quota.tryTake()).isTrue();
        quota.giveBack();
        quota.giveBack();
        assertThatThrownBy(quota::giveBack).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void calls_are_limited_in_number_and_by_the_second() {
        var now = new AtomicLong();
        var calls = new CallQuota(3, 2, now::get);
        assertThat(calls.tryBegin()).isTrue();
        assertThat(calls.tryBegin()).isTrue();
        assertThat(calls.tryBegin()).as("a third within the second").isFalse();
        now.set(SECOND / 2);
        assertThat(calls.tryBegin()).isTrue();
        now.set(10 * SECOND);
        assertThat(calls.tryBegin()).as("a fourth under way").isFalse();
        calls.ended();
        assertThat(calls.tryBegin()).isTrue();
        calls.takeBack();
        assertThat(calls.tryBegin()).as("a call that was none costs nothing").isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,   true",
        "10.1.2.3,    true",
        "172.16.0.1,  true",
        "172.32.0.1,  false",
        "192.168.1.1, true",
        "169.254.9.9, true",
        "8.8.8.8,     false",
        "::1,         true",
        "fe80::1,     true",
        "fd00::1,     true",
        "2001:db8::1, false",
    })
    void local_peers_pay_only_when_they_are_metered(String address, boolean local)
            throws Exception {
        var rates = new RateLimits(10_000, 10_000);
        InetAddress remote = InetAddress.getByName(address);
        var unmetered = new Allowance(SessionLimits.DEFAULT.withRates(rates, false), () -> 0);
        assertThat(unmetered.share(RateLimits.NONE).tolls(remote).down().isFree()).isEqualTo(local);
        var metered = new Allowance(SessionLimits.DEFAULT.withRates(rates, true), () -> 0);
        assertThat(metered.share(RateLimits.NONE).tolls(remote).up().isFree()).isFalse();
    }
}
