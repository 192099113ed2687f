package dev.thistle.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.peers.BufferPool.Lease;
import dev.thistle.engine.settings.BufferLimits;
import dev.thistle.engine.snapshot.BufferUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Four buffers for receiving, two for sending, a quarter of a MiB for long messages.
@Timeout(30)
class BufferPoolTest {

    private final BufferPool pool = new BufferPool(new BufferLimits(BufferLimits.MIN_BYTES), 0);

    private List<Lease> takeAll(Supplier<@Nullable Lease> take) {
        var taken = new ArrayList<Lease>();
        for (Lease lease = take.get(); lease != null; lease = take.get()) {
            taken.add(lease);
        }
        return taken;
    }

    private List<Lease> allToReceive() {
        return takeAll(pool::tryReceive);
    }

    private List<Lease> allToSend() {
        return takeAll(() -> pool.trySend(() -> {}));
    }

    private @Nullable Lease send(BooleanSupplier isOver) {
        return pool.send(isOver, () -> {});
    }

    private Lease one() {
        return Objects.requireNonNull(pool.tryReceive());
    }

    private CompletableFuture<@Nullable Lease> waiter(
            Function<BooleanSupplier, @Nullable Lease> take, AtomicBoolean isOver) {
        int waiting = pool.use().waiting();
        var taken = new CompletableFuture<@Nullable Lease>();
        Thread.startVirtualThread(() -> taken.complete(take.apply(isOver::get)));
        while (pool.use().waiting() == waiting) {
            assertThat(Thread.currentThread().isInterrupted()).as("in time").isFalse();
            LockSupport.parkNanos(1_000_000);
        }
        return taken;
    }

    @Test
    void each_purpose_has_its_part_and_no_more() {
        assertThat(allToSend()).hasSize(2);
        assertThat(allToReceive()).hasSize(4);

        assertThat(pool.use())
                .isEqualTo(new BufferUse(1 << 20, 4 * 131_072, 2 * 131_072, 0, 0, 0, 0));
    }

    @Test
    void who_waits_is_served_in_turn_and_nobody_comes_between() throws Exception {
        List<Lease> taken = allToSend();
        var first = waiter(this::send, new AtomicBoolean());
        var second = waiter(this::send, new AtomicBoolean());

        pool.giveBack(taken.getFirst());
        Lease given = Objects.requireNonNull(first.get());
        assertThat(given.bytes()).isSameAs(taken.getFirst().bytes());
        assertThat(second).isNotDone();
        assertThat(pool.trySend(() -> {})).isNull();
        pool.giveBack(given);
        assertThat(Objects.requireNonNull(second.get()).bytes()).isSameAs(given.bytes());
        assertThat(pool.use().sendingBytes()).isEqualTo(2 * 131_072);
    }

    @Test
    void who_wants_no_buffer_any_more_leaves_the_queue() throws Exception {
        List<Lease> taken = allToReceive();
        var isOver = new AtomicBoolean();
        var given = waiter(pool::receive, isOver);
        isOver.set(true);
        pool.wake();
        assertThat(given.get()).isNull();

        pool.giveBack(taken.getFirst());
        assertThat(pool.use().receivingBytes()).isEqualTo(3 * 131_072);
        assertThat(pool.use().waiting()).isZero();
    }

    @Test
    void what_is_given_back_twice_is_noticed_before_two_peers_write_into_it() {
        Lease buffer = one();
        pool.giveBack(buffer);
        assertThatThrownBy(() -> pool.giveBack(buffer)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void long_messages_have_a_part_of_their_own() {
        Lease bitfield = Objects.requireNonNull(pool.tryTakeLong(200_000));
        assertThat(pool.tryTakeLong(100_000)).isNull();
        pool.giveBack(bitfield);
        assertThat(pool.use().heldBytes()).isZero();
        assertThat(pool.tryTakeLong(1 << 18)).isNotNull();
        assertThat(pool.tryTakeLong(1)).isNull();
    }

    @Test
    void a_long_message_that_the_heap_has_no_room_for_takes_nothing_of_their_part() {
        var poor =
                new BufferPool(
                        new BufferLimits(BufferLimits.MIN_BYTES),
                        0,
                        () -> {},
                        bytes -> {
                            throw new OutOfMemoryError("for " + bytes);
                        });
        assertThatThrownBy(() -> poor.tryTakeLong(200_000)).isInstanceOf(OutOfMemoryError.class);
        assertThat(poor.use().heldBytes()).isZero();
    }

    @Test
    void what_nobody_needs_for_ten_seconds_is_freed() {
        List<Lease> taken = allToReceive();
        taken.forEach(pool::giveBack);
        Lease kept = one();
        pool.giveBack(kept);
        var _ = pool.tick(TimeUnit.SECONDS.toNanos(9));
        assertThat(pool.use().idleBytes()).isEqualTo(4 * 131_072);
        var _ = pool.tick(TimeUnit.SECONDS.toNanos(10));
        assertThat(pool.use().idleBytes()).as("all were in use meanwhile").isEqualTo(4 * 131_072);

        pool.giveBack(one());
        var _ = pool.tick(TimeUnit.SECONDS.toNanos(20));
        assertThat(pool.use().idleBytes()).as("one was").isEqualTo(131_072);
        assertThat(one().bytes().put(0, (byte) 1).get(0)).isEqualTo((byte) 1);
    }

    @Test
    void it_wants_to_be_looked_at_while_something_is_idle_or_somebody_waits() throws Exception {
        var calls = new AtomicInteger();
        var watched =
                new BufferPool(new BufferLimits(BufferLimits.MIN_BYTES), 0, calls::incrementAndGet);
        assertThat(watched.tick(0)).isEqualTo(Long.MAX_VALUE);
        List<Lease> taken = takeAll(watched::tryReceive);
        assertThat(calls).hasValue(0);
        taken.forEach(watched::giveBack);
        assertThat(calls).as("once is enough").hasValue(1);
        assertThat(watched.tick(TimeUnit.SECONDS.toNanos(10))).isLessThan(Long.MAX_VALUE);
        assertThat(watched.tick(TimeUnit.SECONDS.toNanos(20))).isEqualTo(Long.MAX_VALUE);
        assertThat(watched.use().idleBytes()).isZero();

        takeAll(() -> watched.trySend(() -> {}));
        var isOver = new AtomicBoolean();
        Thread.startVirtualThread(() -> watched.send(isOver::get, () -> {}));
        while (watched.use().waiting() == 0) {
            assertThat(Thread.currentThread().isInterrupted()).as("in time").isFalse();
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(calls).hasValue(2);
        assertThat(watched.tick(TimeUnit.SECONDS.toNanos(30))).isLessThan(Long.MAX_VALUE);
        isOver.set(true);
        watched.wake();
    }

    @Test
    void a_closed_session_keeps_nothing_that_comes_back() {
        List<Lease> taken = allToSend();
        pool.giveBack(taken.getFirst());
        pool.close();
        assertThat(pool.use().idleBytes()).isZero();
        pool.giveBack(taken.getLast());
        assertThat(pool.use().idleBytes()).isZero();
        assertThatThrownBy(() -> taken.getLast().bytes().put(0, (byte) 1))
                .isInstanceOf(IllegalStateException.class);
    }
}
