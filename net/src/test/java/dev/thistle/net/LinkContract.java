package dev.thistle.net;

import static dev.thistle.net.Streams.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.net.Threads.Call;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every [Network] must do; run for each by a subclass. Both ends are on `network`, at
/// `address`.
@Timeout(60)
abstract class LinkContract {

    /// Short, for calls that are meant to run out of patience.
    private static final Duration SHORT = Duration.ofMillis(30);

    /// More than any buffer on the way takes in.
    private static final int STUCK_BYTES = 64 << 20;

    private final String ip;
    final Network network;
    Listener listener;
    Link caller;
    Link callee;

    LinkContract(Network network, String ip) {
        this.network = network;
        this.ip = ip;
    }

    InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }

    @BeforeEach
    void open_a_link() throws IOException {
        listener = network.listen(at(0));
        caller = network.connect(listener.address(), LONG);
        callee = listener.accept();
    }

    @AfterEach
    void hang_up() {
        caller.close();
        callee.close();
        listener.close();
    }

    static LongStream seeds() {
        return LongStream.range(0, 8);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void carries_both_directions_at_once_however_they_are_cut(long seed) {
        byte[] there = Streams.random(700_000, seed);
        byte[] back = Streams.random(500_000, ~seed);
        int maxChunk = 1 << new Random(seed).nextInt(8, 18);

        var sending = Threads.start(() -> Streams.send(caller, there, maxChunk, new Random(seed)));
        var answering =
                Threads.start(() -> Streams.send(callee, back, maxChunk, new Random(seed + 1)));
        var heard =
                Threads.start(
                        () -> Streams.receive(callee, there.length, maxChunk, new Random(seed)));
        var answer =
                Threads.start(
                        () -> Streams.receive(caller, back.length, maxChunk, new Random(seed)));

        assertThat(heard.result()).isEqualTo(there);
        assertThat(answer.result()).isEqualTo(back);
        assertThat(sending.result() && answering.result()).isTrue();
    }

    @Test
    void a_large_heap_buffer_is_written_and_read_whole() throws Exception {
        byte[] data = Streams.random(3_000_000, 1);
        var sending = Threads.start(() -> caller.write(ByteBuffer.wrap(data), LONG));
        ByteBuffer target = ByteBuffer.allocate(data.length);

        while (target.hasRemaining()) {
            int before = target.position();
            int bytes = callee.read(target, LONG);
            assertThat(target.position()).isEqualTo(before + bytes);
            assertThat(target.limit()).isEqualTo(data.length);
        }

        assertThat(sending.result()).isTrue();
        assertThat(target.array()).isEqualTo(data);
    }

    @Test
    void reads_and_writes_only_what_lies_between_position_and_limit() throws Exception {
        ByteBuffer source = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}).position(1).limit(3);
        ByteBuffer target = ByteBuffer.allocate(8).position(2).limit(4);

        caller.write(source, LONG);
        while (target.hasRemaining()) {
            callee.read(target, LONG);
        }

        assertThat(source.position()).isEqualTo(3);
        assertThat(source.limit()).isEqualTo(3);
        assertThat(target.array()).containsExactly(0, 0, 1, 2, 0, 0, 0, 0);
    }

    @Test
    void both_ends_agree_on_the_addresses() {
        assertThat(caller.remote()).isEqualTo(listener.address()).isEqualTo(callee.local());
        assertThat(callee.remote()).isEqualTo(caller.local());
        assertThat(listener.address().getPort()).isPositive();
    }

    @Test
    void port_zero_takes_a_different_port_each_time() throws Exception {
        try (Listener other = network.listen(at(0))) {
            assertThat(other.address().getPort())
                    .isPositive()
                    .isNotEqualTo(listener.address().getPort());
        }
    }

    @Test
    void a_taken_port_cannot_be_taken_again() {
        assertThatThrownBy(() -> network.listen(listener.address()))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("listening on %s:", Addresses.text(listener.address()));
    }

    @Test
    void somebody_elses_address_cannot_be_taken() {
        assertThatThrownBy(() -> network.listen(new InetSocketAddress("192.0.2.1", 0)))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("listening on 192.0.2.1:0:");
    }

    @Test
    void a_port_can_be_taken_again_once_its_listener_is_closed() throws Exception {
        listener.close();
        listener = network.listen(listener.address());

        try (Link again = network.connect(listener.address(), LONG)) {
            assertThat(again.remote()).isEqualTo(listener.address());
        }
    }

    @Test
    void a_closed_listener_refuses_and_leaves_its_links_open() throws Exception {
        listener.close();

        assertThatThrownBy(() -> network.connect(listener.address(), LONG))
                .isInstanceOf(ConnectException.class)
                .hasMessage("connecting to %s: refused", Addresses.text(listener.address()));
        caller.write(ByteBuffer.wrap(new byte[] {7}), LONG);
        assertThat(callee.read(ByteBuffer.allocate(8), LONG)).isEqualTo(1);
    }

    @Test
    void closing_the_listener_wakes_whoever_waits_for_a_caller() {
        var waiting = Threads.start(() -> listener.accept()).blocked();

        listener.close();

        assertThat(waiting.failure())
                .isInstanceOf(ClosedException.class)
                .hasMessageContaining("listening on " + Addresses.text(listener.address()));
    }

    @Test
    void what_was_sent_before_hanging_up_can_still_be_read() throws Exception {
        byte[] data = Streams.random(20_000, 3);
        caller.write(ByteBuffer.wrap(data), LONG);

        caller.close();

        assertThat(Streams.receive(callee, data.length, 5_000, new Random(3))).isEqualTo(data);
        assertThat(callee.read(ByteBuffer.allocate(8), LONG)).isEqualTo(-1);
        assertThat(callee.read(ByteBuffer.allocate(8), LONG)).isEqualTo(-1);
    }

    @Test
    void writing_to_one_who_hung_up_ends_in_a_reset() {
        caller.close();

        assertThatThrownBy(
                        () -> {
                            while (true) {
                                callee.write(ByteBuffer.allocate(1_000), LONG);
                            }
                        })
                .isInstanceOf(LinkResetException.class)
                .hasMessage("writing to %s: connection reset", Addresses.text(callee.remote()));
        assertThatThrownBy(() -> callee.read(ByteBuffer.allocate(8), LONG))
                .as("a link that failed stays failed")
                .isInstanceOf(LinkResetException.class);
    }

    @Test
    void hanging_up_wakes_reader_and_writer_of_this_end() {
        var reading = Threads.start(() -> caller.read(ByteBuffer.allocate(8), LONG)).blocked();
        var writing = startStuckWrite(caller);

        caller.close();
        caller.close();

        assertThat(reading.failure())
                .isInstanceOf(ClosedException.class)
                .hasMessage("reading from %s: closed by this end", Addresses.text(caller.remote()));
        assertThat(writing.failure())
                .isInstanceOf(ClosedException.class)
                .hasMessage("writing to %s: closed by this end", Addresses.text(caller.remote()));
        assertThatThrownBy(() -> caller.read(ByteBuffer.allocate(8), LONG))
                .isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> caller.write(ByteBuffer.allocate(8), LONG))
                .isInstanceOf(ClosedException.class);
    }

    @Test
    void hanging_up_wakes_a_reader_at_the_other_end() {
        var reading = Threads.start(() -> callee.read(ByteBuffer.allocate(8), LONG)).blocked();

        caller.close();

        assertThat(reading.result()).isEqualTo(-1);
    }

    @Test
    void a_silent_other_end_exhausts_the_readers_patience_but_no_sooner() {
        long before = System.nanoTime();

        assertThatThrownBy(() -> caller.read(ByteBuffer.allocate(8), SHORT))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage(
                        "reading from %s: gave up, reading took longer than 30 ms",
                        Addresses.text(caller.remote()));

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThatThrownBy(() -> caller.write(ByteBuffer.allocate(8), LONG))
                .as("a link that failed stays failed")
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void one_who_never_reads_exhausts_the_writers_patience_but_no_sooner() {
        long before = System.nanoTime();
        ByteBuffer source = ByteBuffer.allocateDirect(STUCK_BYTES);

        assertThatThrownBy(() -> caller.write(source, SHORT))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage(
                        "writing to %s: gave up, writing took longer than 30 ms",
                        Addresses.text(caller.remote()));

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(source.remaining()).isPositive();
    }

    @Test
    void a_stuck_write_wakes_the_reader_beside_it() {
        var reading = Threads.start(() -> caller.read(ByteBuffer.allocate(8), LONG)).blocked();

        assertThatThrownBy(() -> caller.write(ByteBuffer.allocateDirect(STUCK_BYTES), SHORT))
                .isInstanceOf(SocketTimeoutException.class);

        assertThat(reading.failure())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage(
                        "reading from %s: gave up, writing took longer than 30 ms",
                        Addresses.text(caller.remote()));
    }

    @Test
    void patience_must_be_positive() {
        assertThatThrownBy(() -> caller.read(ByteBuffer.allocate(8), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("patience PT0S, allowed > 0");
        assertThatThrownBy(() -> network.connect(listener.address(), Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void patience_may_be_endless() throws Exception {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);

        caller.write(ByteBuffer.allocate(8), endless);

        assertThat(callee.read(ByteBuffer.allocate(8), endless)).isPositive();
        network.connect(listener.address(), endless).close();
    }

    @Test
    void a_full_target_is_a_mistake_of_the_caller() {
        assertThatThrownBy(() -> caller.read(ByteBuffer.allocate(0), LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void interrupting_a_reader_closes_the_link() {
        var reading = Threads.start(() -> caller.read(ByteBuffer.allocate(8), LONG)).blocked();

        reading.thread().interrupt();

        assertThat(reading.failure()).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> caller.write(ByteBuffer.allocate(8), LONG))
                .isInstanceOf(ClosedException.class);
    }

    @Test
    void a_mapped_ipv4_address_is_an_ipv4_address() throws Exception {
        var mapped = InetAddress.ofLiteral("::ffff:" + ip);

        try (Link link =
                        network.connect(
                                new InetSocketAddress(mapped, listener.address().getPort()), LONG);
                Link accepted = listener.accept()) {
            assertThat(link.remote().getAddress()).isInstanceOf(Inet4Address.class);
            assertThat(accepted.remote().getAddress()).isInstanceOf(Inet4Address.class);
        }
    }

    @Test
    void many_links_work_at_once() {
        int count = 200;
        var echoing =
                Threads.start(() -> {
                    var echoes = new ArrayList<Call<Boolean>>();
                    for (int i = 0; i < count; i++) {
                        Link link = listener.accept();
                        echoes.add(Threads.start(() -> echo(link)));
                    }
                    return echoes.stream().allMatch(Call::result);
                });
        var talks = new ArrayList<Call<Boolean>>();
        for (int i = 0; i < count; i++) {
            int seed = i;
            talks.add(Threads.start(() -> talk(seed)));
        }

        assertThat(talks).allMatch(Call::result);
        assertThat(echoing.result()).isTrue();
    }

    private void talk(int seed) throws IOException {
        byte[] data = Streams.random(20_000, seed);
        try (Link link = network.connect(listener.address(), LONG)) {
            var sending = Threads.start(() -> Streams.send(link, data, 3_000, new Random(seed)));
            byte[] echo = Streams.receive(link, data.length, 3_000, new Random(seed));
            assertThat(echo).isEqualTo(data);
            assertThat(sending.result()).isTrue();
        }
    }

    private static void echo(Link link) throws IOException {
        try (link) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1_000);
            while (link.read(buffer.clear(), LONG) >= 0) {
                link.write(buffer.flip(), LONG);
            }
        }
    }

    /// A write that has filled every buffer on the way.
    static Call<Boolean> startStuckWrite(Link link) {
        return Threads.start(() -> link.write(ByteBuffer.allocateDirect(STUCK_BYTES), LONG))
                .blocked();
    }
}
