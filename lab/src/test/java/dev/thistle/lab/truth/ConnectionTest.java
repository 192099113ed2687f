package dev.thistle.lab.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.lab.truth.Connection.Fate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionTest {

    private static final Endpoint LOW = new Endpoint(Address.v4(0x0A40_0001), 6881);
    private static final Endpoint HIGH = new Endpoint(Address.v4(0x0A80_0001), 40_000);

    /// Times are in nanoseconds; what each end saw, and when.
    @ParameterizedTest
    @CsvSource({
        "RESET,     50, RESET,     50, KILLED",
        "RESET,     50, RESET,     90, KILLED",
        "RESET,     50, OPEN,      99, HALF_KILLED",
        "TIMED_OUT, 90, RESET,     50, HALF_KILLED",
        "CLOSED,    51, RESET,     50, HALF_KILLED",
        "CLOSED,    50, RESET,     50, IN_ORDER",
        "RESET,     50, FINISHED,  40, IN_ORDER",
        "CLOSED,    50, FINISHED,  60, IN_ORDER",
        "CLOSED,    50, OPEN,      99, OPEN",
        "OPEN,      99, OPEN,      99, OPEN",
        "TIMED_OUT, 50, BROKEN,    60, IN_ORDER",
    })
    void the_fate_follows_from_what_both_ends_saw_and_who_was_first(
            Ending low, long lowNanos, Ending high, long highNanos, Fate fate) {
        Connection connection =
                one(
                        new LinkLife(LOW, HIGH, 0, lowNanos, low),
                        new LinkLife(HIGH, LOW, 1, highNanos, high));
        assertThat(connection.fate()).isEqualTo(fate);
    }

    @Test
    void a_reset_at_the_only_watched_end_is_half_a_kill() {
        Connection connection = one(new LinkLife(HIGH, LOW, 0, 50, Ending.RESET));
        assertThat(connection.low()).isEmpty();
        assertThat(connection.fate()).isEqualTo(Fate.HALF_KILLED);
    }

    @Test
    void time_may_wrap_around() {
        long before = Long.MAX_VALUE;
        Connection connection =
                one(
                        new LinkLife(LOW, HIGH, 0, before, Ending.CLOSED),
                        new LinkLife(HIGH, LOW, 0, before + 2, Ending.RESET));
        assertThat(connection.fate()).isEqualTo(Fate.IN_ORDER);
    }

    @Test
    void the_same_endpoints_may_meet_again_and_lives_are_paired_in_their_order() {
        List<Connection> connections =
                ConnectionLedger.pair(
                        List.of(
                                new LinkLife(HIGH, LOW, 100, 150, Ending.CLOSED),
                                new LinkLife(LOW, HIGH, 0, 50, Ending.RESET),
                                new LinkLife(LOW, HIGH, 101, 160, Ending.FINISHED),
                                new LinkLife(HIGH, LOW, 1, 50, Ending.RESET)));
        assertThat(connections)
                .extracting(Connection::fate)
                .containsExactly(Fate.KILLED, Fate.IN_ORDER);
        assertThat(connections.getLast().low().map(LinkLife::openedNanos))
                .isEqualTo(Optional.of(101L));
    }

    private static Connection one(LinkLife... lives) {
        List<Connection> connections = ConnectionLedger.pair(List.of(lives));
        assertThat(connections).hasSize(1);
        return connections.getFirst();
    }
}
