package dev.thistle.isp.box;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.box.BoxCounters.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLineTest {

    private static final long SECOND = 1_000_000_000;
    private static final int IP_BYTES = 1500;

    private final Parcels parcels = new Parcels(IP_BYTES + Parcel.LINK_BYTES, 1 << 26);
    private final Agenda agenda = new Agenda();
    private final List<Long> arrivals = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();

    private AccessLine line(LineProfile profile) {
        return new AccessLine(
                profile,
                new Random(1),
                agenda,
                (parcel, nanos) -> {
                    arrivals.add(nanos);
                    numbers.add(parcel.frame.getInt(0));
                    parcel.release();
                });
    }

    private @Nullable Reason offer(AccessLine line, int number, long nowNanos) {
        agenda.run(nowNanos);
        Parcel parcel = Objects.requireNonNull(parcels.take());
        parcel.frame.putInt(0, number).limit(IP_BYTES + Parcel.LINK_BYTES);
        Reason refusal = line.offer(parcel, nowNanos);
        if (refusal != null) {
            parcel.release();
        }
        return refusal;
    }

    /// Offers twice what a line carries, for ten seconds.
    @ParameterizedTest
    @ValueSource(longs = {5_000_000, 20_000_000, 1_000_000_000})
    void a_line_carries_its_rate(long bitsPerSecond) {
        AccessLine line =
                line(LineProfile.of(bitsPerSecond, Duration.ofMillis(20), Duration.ZERO, 0));
        long gap = new Rate(2 * bitsPerSecond).nanosFor(IP_BYTES);
        long end = 10 * SECOND;
        for (long now = 0; now < end; now += gap) {
            offer(line, 0, now);
        }
        agenda.run(end);

        double carried = arrivals.size() * 8.0 * IP_BYTES / 10;
        assertThat(carried / bitsPerSecond).isBetween(0.99, 1.0001);
    }

    @Test
    void a_full_queue_drops_and_an_emptied_one_does_not() {
        AccessLine line =
                line(new LineProfile(12_000_000, 10 * IP_BYTES, Duration.ZERO, Duration.ZERO, 0));
        for (int i = 0; i < 10; i++) {
            assertThat(offer(line, i, 0)).as("packet %d", i).isNull();
        }
        assertThat(offer(line, 10, 0)).isEqualTo(Reason.LINE_FULL);
        assertThat(offer(line, 11, 1_000_000)).isNull(); // one has left: 1500 bytes take 1 ms
        assertThat(offer(line, 12, 1_000_000)).isEqualTo(Reason.LINE_FULL);
    }

    @Test
    void a_packet_alone_takes_its_time_on_the_line_and_the_delay() {
        AccessLine line = line(LineProfile.of(12_000_000, Duration.ofMillis(7), Duration.ZERO, 0));
        offer(line, 0, 100);
        assertThat(agenda.nextNanos()).isEqualTo(8_000_100);
        agenda.run(8_000_099);
        assertThat(arrivals).isEmpty();
        agenda.run(8_000_100);
        assertThat(arrivals).containsExactly(8_000_100L);
    }

    @Test
    void jitter_spreads_arrivals_within_its_bound_and_keeps_their_order() {
        AccessLine line =
                line(LineProfile.of(1_200_000_000, Duration.ofMillis(5), Duration.ofMillis(4), 0));
        int count = 5_000;
        for (int i = 0; i < count; i++) {
            offer(line, i, i * 10_000_000L);
        }
        agenda.run(count * 10_000_000L);

        assertThat(numbers).hasSize(count).isSorted();
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < count; i++) {
            long late = arrivals.get(i) - i * 10_000_000L - 10_000 - 5_000_000;
            least = Math.min(least, late);
            most = Math.max(most, late);
        }
        assertThat(least).isBetween(0L, 100_000L);
        assertThat(most).isBetween(3_900_000L, 4_000_000L);
    }

    @Test
    void jitter_keeps_the_order_of_packets_that_come_close() {
        AccessLine line =
                line(LineProfile.of(1_200_000_000, Duration.ofMillis(5), Duration.ofMillis(9), 0));
        for (int i = 0; i < 1_000; i++) {
            offer(line, i, i * 20_000L);
        }
        agenda.run(SECOND);
        assertThat(numbers).hasSize(1_000).isSorted();
        assertThat(arrivals).isSorted();
    }

    @Test
    void a_line_loses_its_share_and_the_same_ones_under_the_same_seed() {
        var profile = LineProfile.of(12_000_000_000L, Duration.ZERO, Duration.ZERO, 0.02);
        for (int run = 0; run < 2; run++) {
            AccessLine line = line(profile);
            for (int i = 0; i < 50_000; i++) {
                offer(line, i, i * 1_000_000L);
            }
            agenda.run(SECOND * 60);
        }
        int half = arrivals.size() / 2;
        assertThat(1 - half / 50_000.0).isBetween(0.017, 0.023); // 4.8 standard deviations
        assertThat(numbers.subList(0, half)).isEqualTo(numbers.subList(half, 2 * half));
    }
}
