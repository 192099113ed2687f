package dev.thistle.lab.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.lab.host.Host;
import dev.thistle.lab.host.Needs;
import dev.thistle.lab.host.Passage;
import dev.thistle.lab.host.ResetFilter;
import dev.thistle.lab.host.Star;
import dev.thistle.lab.truth.Connection.Fate;
import dev.thistle.net.Link;
import dev.thistle.net.LinkResetException;
import dev.thistle.net.Listener;
import dev.thistle.net.linux.Machine;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One forged reset towards the called end, with two real kernels: what the ledger makes of it when
/// nobody, one end or both ends drop resets.
@Timeout(30)
class KillOnTheWireTest {

    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Machine machine = Machine.look();
    private final ConnectionLedger ledger = new ConnectionLedger();
    private Star star;
    private Passage passage;

    @BeforeEach
    void build() throws IOException {
        Needs.namespaces(machine);
        star = Star.build(List.of("caller"), List.of("called"), 1500);
        passage = new Passage(star);
    }

    @AfterEach
    void end() {
        if (star != null) {
            passage.close();
            star.close();
        }
    }

    @Test
    void it_kills_where_nobody_drops_it_and_the_kernel_of_its_victim_tells_the_other_end()
            throws IOException {
        try (Link call = callWithForgedReset()) {
            call.write(bytes(1), LONG); // to an end that is gone
            assertThatThrownBy(() -> call.read(bytes(1), LONG))
                    .isInstanceOf(LinkResetException.class);
        }
        assertThat(ledger.fates()).containsEntry(Fate.KILLED, 1).containsEntry(Fate.IN_ORDER, 0);
        assertThat(called().counters().resetsSent()).isEqualTo(1);
        assertThat(caller().counters().resetsSent()).isZero();
    }

    @Test
    void a_caller_who_drops_resets_keeps_a_connection_that_is_dead_at_the_other_end()
            throws IOException {
        Needs.nft(machine);
        ResetFilter filter = ResetFilter.install(caller());
        try (Link call = callWithForgedReset()) {
            call.write(bytes(1), LONG);
            assertThatThrownBy(() -> call.read(bytes(1), SHORT))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(ledger.fates()).containsEntry(Fate.HALF_KILLED, 1);
        assertThat(filter.dropped()).isPositive();
    }

    @Test
    void it_does_nothing_where_its_victim_drops_it() throws IOException {
        Needs.nft(machine);
        ResetFilter filter = ResetFilter.install(called());
        try (Listener listener = listen();
                Link call = connect(listener);
                Link answered = listener.accept()) {
            passage.resetNext(called());
            for (int i = 0; i < 3; i++) {
                call.write(bytes(1), LONG);
                assertThat(answered.read(bytes(1), LONG)).isEqualTo(1);
            }
        }
        assertThat(filter.dropped()).isEqualTo(1);
        assertThat(ledger.fates()).containsEntry(Fate.IN_ORDER, 1).containsEntry(Fate.KILLED, 0);
    }

    /// The caller's end, once the called one has learned of the reset.
    private Link callWithForgedReset() throws IOException {
        try (Listener listener = listen()) {
            Link call = connect(listener);
            Link answered = listener.accept();
            passage.resetNext(called());
            call.write(bytes(1), LONG);
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    assertThat(answered.read(bytes(1), LONG)).isEqualTo(1);
                                }
                            })
                    .isInstanceOf(LinkResetException.class);
            return call;
        }
    }

    private Listener listen() throws IOException {
        return new ObservedNetwork(called().network(), ledger).listen(called().at(6881));
    }

    private Link connect(Listener listener) throws IOException {
        return new ObservedNetwork(caller().network(), ledger).connect(listener.address(), LONG);
    }

    private Host caller() {
        return star.customers().getFirst();
    }

    private Host called() {
        return star.outside().getFirst();
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }
}
