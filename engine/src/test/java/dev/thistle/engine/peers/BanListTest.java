package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.snapshot.Ban;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BanListTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final BanList bans = new BanList(now::get);

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void a_ban_has_a_reason_and_lasts_until_it_is_taken_back() {
        bans.ban(address(1), "sends nonsense", Optional.empty());
        now.set(START.plus(Duration.ofDays(1_000)));
        assertThat(bans.isBanned(address(1))).isTrue();
        assertThat(bans.isBanned(address(2))).isFalse();
        assertThat(bans.all())
                .containsExactly(new Ban(address(1), "sends nonsense", START, Optional.empty()));
        assertThat(bans.unban(address(1))).isTrue();
        assertThat(bans.unban(address(1))).isFalse();
        assertThat(bans.isBanned(address(1))).isFalse();
        assertThat(bans.all()).isEmpty();
    }

    @Test
    void a_ban_ends_with_its_time() {
        bans.ban(address(1), "rests", Optional.of(Duration.ofMinutes(5)));
        now.set(START.plusSeconds(299));
        assertThat(bans.isBanned(address(1))).isTrue();
        now.set(START.plusSeconds(300));
        assertThat(bans.isBanned(address(1))).isFalse();
        assertThat(bans.all()).isEmpty();
        assertThat(bans.unban(address(1))).isFalse();
    }

    @Test
    void the_oldest_of_too_many_is_forgotten() {
        for (int i = 0; i <= BanList.MAX_BANS; i++) {
            bans.ban(address(i), "many", Optional.empty());
        }
        assertThat(bans.all()).hasSize(BanList.MAX_BANS);
        assertThat(bans.isBanned(address(0))).isFalse();
        assertThat(bans.isBanned(address(1))).isTrue();
    }
}
