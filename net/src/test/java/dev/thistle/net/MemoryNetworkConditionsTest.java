package dev.thistle.net;

import static dev.thistle.net.Streams.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.net.MemoryNetwork.Host;
import dev.thistle.net.Threads.Action;
import dev.thistle.net.Threads.Call;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a [MemoryNetwork] does to links. Times are checked from below only: a busy machine may be
/// late, never early.
@Timeout(60)
class MemoryNetworkConditionsTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    private static final InetSocketAddress PORT = new InetSocketAddress("10.0.0.2", 6881);

    private final MemoryNetwork internet = new MemoryNetwork(7);
    private final Host alice = internet.host("10.0.0.1");
    private final Host bob = internet.host("10.0.0.2");

    /// Two ends of a link from alice to bob.
    private record Pair(Link alice, Link bob) {}

    private Pair open() throws IOException {
        return open(alice, bob);
    }

    private static Pair open(Host from, Host to) throws IOException {
        try (Listener listener = to.listen(new InetSocketAddress(0))) {
            Link caller = from.connect(listener.address(), LONG);
            return new Pair(caller, listener.accept());
        }
    }

    private static long nanos(Action action) throws Exception {
        long before = System.nanoTime();
        action.run();
        return System.nanoTime() - before;
    }

    private static int read(Link link) throws IOException {
        return link.read(ByteBuffer.allocate(1 << 20), LONG);
    }

    private static void write(Link link, int bytes) throws IOException {
        link.write(ByteBuffer.allocate(bytes), LONG);
    }

    @Test
    void the_same_address_is_the_same_host() {
        assertThat(internet.host("::ffff:10.0.0.1")).isSameAs(alice);
        assertThat(internet.host("2001:db8::1")).hasToString("host 2001:db8:0:0:0:0:0:1");
    }

    @Test
    void calling_takes_a_round_trip_and_bytes_take_one_way() throws Exception {
        internet.conditions(alice, bob, Conditions.IDEAL.withLatency(Duration.ofMillis(30)));
        internet.conditions(bob, alice, Conditions.IDEAL.withLatency(Duration.ofMillis(20)));
        var links = new ArrayList<Pair>();

        assertThat(nanos(() -> links.add(open()))).isGreaterThanOrEqualTo(50_000_000);
        Pair pair = links.getFirst();
        assertThat(
                        nanos(() -> {
                            write(pair.alice, 10);
                            read(pair.bob);
                        }))
                .isGreaterThanOrEqualTo(30_000_000);
        assertThat(
                        nanos(() -> {
                            write(pair.bob, 10);
                            read(pair.alice);
                        }))
                .isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void hanging_up_takes_as_long_as_bytes_do() throws Exception {
        internet.conditions(Conditions.IDEAL.withLatency(Duration.ofMillis(30)));
        Pair pair = open();

        assertThat(
                        nanos(() -> {
                            pair.alice.close();
                            assertThat(read(pair.bob)).isEqualTo(-1);
                        }))
                .isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void jitter_keeps_the_order_of_bytes() throws Exception {
        internet.conditions(Conditions.IDEAL.withJitter(Duration.ofMillis(3)));
        Pair pair = open();
        byte[] data = Streams.random(5_000, 4);

        Streams.send(pair.alice, data, 200, new Random(4));

        assertThat(Streams.receive(pair.bob, data.length, 300, new Random(5))).isEqualTo(data);
    }

    @Test
    void a_path_carries_no_more_than_its_rate() throws Exception {
        internet.conditions(alice, bob, Conditions.IDEAL.withBytesPerSecond(1_000_000));
        Pair pair = open();

        // 50 kB at 1 MB/s; the other direction has no limit and is not asserted.
        assertThat(nanos(() -> transfer(pair, 50_000))).isGreaterThanOrEqualTo(50_000_000);
    }

    @Test
    void all_links_of_a_host_share_its_line_up() throws Exception {
        alice.line(1_000_000, Conditions.UNLIMITED);
        var pairs = List.of(open(), open(), open(alice, internet.host("10.0.0.3")));

        assertThat(nanos(() -> transferAll(pairs, 20_000))).isGreaterThanOrEqualTo(60_000_000);
    }

    @Test
    void all_links_of_a_host_share_its_line_down() throws Exception {
        bob.line(Conditions.UNLIMITED, 1_000_000);
        var pairs = List.of(open(), open(), open(internet.host("10.0.0.3"), bob));

        assertThat(nanos(() -> transferAll(pairs, 20_000))).isGreaterThanOrEqualTo(60_000_000);
    }

    private static void transferAll(List<Pair> pairs, int bytes) {
        var transfers = pairs.stream().map(pair -> Threads.start(() -> transfer(pair, bytes)));
        assertThat(transfers.toList()).allMatch(Call::result);
    }

    private static void transfer(Pair pair, int bytes) throws IOException {
        var sending = Threads.start(() -> write(pair.alice, bytes));
        Streams.receive(pair.bob, bytes, 4_096, new Random(0));
        assertThat(sending.result()).isTrue();
    }

    @Test
    void a_host_without_a_listener_refuses() {
        assertThatThrownBy(() -> alice.connect(PORT, LONG))
                .isInstanceOf(ConnectException.class)
                .hasMessage("connecting to 10.0.0.2:6881: refused");
    }

    @Test
    void nobody_lives_at_an_unknown_address() {
        assertThatThrownBy(() -> alice.connect(new InetSocketAddress("10.9.9.9", 1), LONG))
                .isInstanceOf(NoRouteToHostException.class)
                .hasMessage("connecting to 10.9.9.9:1: no route to host");
    }

    @Test
    void a_host_answers_calls_as_its_reach_says() throws Exception {
        try (Listener listener = bob.listen(PORT)) {
            bob.reach(Reach.REFUSED);
            assertThatThrownBy(() -> alice.connect(PORT, LONG))
                    .isInstanceOf(ConnectException.class);
            bob.reach(Reach.UNREACHABLE);
            assertThatThrownBy(() -> alice.connect(PORT, LONG))
                    .isInstanceOf(NoRouteToHostException.class);
            bob.reach(Reach.SILENT);
            assertThat(
                            nanos(() ->
                                    assertThatThrownBy(() -> alice.connect(PORT, SHORT))
                                            .isInstanceOf(SocketTimeoutException.class)
                                            .hasMessageEndingWith("within 30 ms")))
                    .isGreaterThanOrEqualTo(SHORT.toNanos());
            internet.reach(alice, bob, Reach.OPEN);
            alice.connect(PORT, LONG).close();
            listener.accept().close();
        }
    }

    @Test
    void a_full_backlog_makes_callers_wait_until_there_is_room() throws Exception {
        try (Listener listener = bob.listen(PORT)) {
            for (int call = 0; call < MemoryListener.BACKLOG; call++) {
                alice.connect(PORT, LONG);
            }
            assertThatThrownBy(() -> alice.connect(PORT, SHORT))
                    .isInstanceOf(SocketTimeoutException.class);
            var waiting = Threads.start(() -> alice.connect(PORT, LONG)).blocked();

            listener.accept();

            assertThat(waiting.result().remote()).isEqualTo(PORT);
        }
    }

    @Test
    void closing_a_listener_resets_those_who_wait_to_be_accepted() throws Exception {
        Listener listener = bob.listen(PORT);
        Link early = alice.connect(PORT, LONG);

        listener.close();

        assertThatThrownBy(() -> read(early)).isInstanceOf(LinkResetException.class);
    }

    @Test
    void a_reset_on_demand_fails_both_directions_of_both_ends() throws Exception {
        Pair pair = open();
        Pair bystander = open(alice, internet.host("10.0.0.3"));
        var calls =
                List.of(
                        Threads.start(() -> read(pair.alice)).blocked(),
                        Threads.start(() -> read(pair.bob)).blocked(),
                        LinkContract.startStuckWrite(pair.alice),
                        LinkContract.startStuckWrite(pair.bob));
        // The stuck writes have sent something, which the readers took.
        assertThat(calls.get(0).result()).isNotNull();
        assertThat(calls.get(1).result()).isNotNull();

        assertThat(internet.reset(bob, alice)).isEqualTo(1);

        assertThat(calls.get(2).failure()).isInstanceOf(LinkResetException.class);
        assertThat(calls.get(3).failure()).isInstanceOf(LinkResetException.class);
        assertThatThrownBy(() -> read(pair.alice)).isInstanceOf(LinkResetException.class);
        assertThatThrownBy(() -> read(pair.bob)).isInstanceOf(LinkResetException.class);
        transfer(bystander, 100);
        assertThat(internet.reset(alice, bob)).as("dead links").isZero();
    }

    @Test
    void a_reset_wakes_blocked_readers_at_both_ends() throws Exception {
        Pair pair = open();
        var reading = Threads.start(() -> read(pair.alice)).blocked();
        var answering = Threads.start(() -> read(pair.bob)).blocked();

        internet.reset(alice, bob);

        assertThat(reading.failure()).isInstanceOf(LinkResetException.class);
        assertThat(answering.failure()).isInstanceOf(LinkResetException.class);
    }

    @Test
    void a_reset_strikes_after_exactly_so_many_bytes() throws Exception {
        internet.conditions(alice, bob, Conditions.IDEAL.withResets(new Resets.After(12_345)));
        Pair pair = open();
        var sending =
                Threads.start(
                        () -> Streams.send(pair.alice, new byte[500_000], 5_000, new Random(1)));

        Streams.receive(pair.bob, 12_345, 1_000, new Random(1));

        assertThatThrownBy(() -> read(pair.bob)).isInstanceOf(LinkResetException.class);
        assertThat(sending.failure()).isInstanceOf(LinkResetException.class);
        assertThatThrownBy(() -> read(pair.alice)).isInstanceOf(LinkResetException.class);
    }

    @Test
    void random_resets_strike_at_places_that_the_seed_settles() throws Exception {
        List<Integer> places = resetPlaces(3);

        assertThat(resetPlaces(3)).isEqualTo(places);
        assertThat(resetPlaces(4)).isNotEqualTo(places);
        assertThat(places).as("each link its own").doesNotHaveDuplicates();
        assertThat(places.stream().mapToInt(i -> i).average().orElseThrow())
                .as("the mean of forty draws around 1000")
                .isBetween(400.0, 2_000.0);
    }

    private static List<Integer> resetPlaces(long seed) throws IOException {
        var internet = new MemoryNetwork(seed);
        internet.conditions(Conditions.IDEAL.withResets(new Resets.Randomly(1_000)));
        var places = new ArrayList<Integer>();
        for (int i = 0; i < 40; i++) {
            Pair pair = open(internet.host("10.0.0.1"), internet.host("10.0.0.2"));
            write(pair.alice, 20_000);
            int bytes = read(pair.bob);
            assertThatThrownBy(() -> read(pair.bob)).isInstanceOf(LinkResetException.class);
            places.add(bytes);
        }
        return places;
    }

    @Test
    void a_cut_silences_links_and_calls_without_an_error() throws Exception {
        Pair pair = open();
        write(pair.alice, 10);

        internet.cut(bob, alice);
        write(pair.alice, 20);

        assertThat(read(pair.bob)).as("what had arrived").isEqualTo(10);
        assertThatThrownBy(() -> pair.bob.read(ByteBuffer.allocate(8), SHORT))
                .isInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> pair.alice.read(ByteBuffer.allocate(8), SHORT))
                .as("does not even hear that bob gave up")
                .isInstanceOf(SocketTimeoutException.class);
        try (Listener _ = bob.listen(PORT)) {
            assertThatThrownBy(() -> alice.connect(PORT, SHORT))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void a_cut_link_takes_bytes_until_its_buffer_is_full() throws Exception {
        Pair pair = open();
        internet.cut(alice, bob);
        pair.bob.close();
        ByteBuffer source = ByteBuffer.allocate(1 << 20);

        assertThatThrownBy(() -> pair.alice.write(source, SHORT))
                .isInstanceOf(SocketTimeoutException.class);

        assertThat(source.position()).isEqualTo(Conditions.IDEAL.inFlightBytes());
    }

    @Test
    void a_mended_cut_loses_nothing() throws Exception {
        Pair pair = open();
        internet.cut(alice, bob);
        write(pair.alice, 20);
        var reading = Threads.start(() -> read(pair.bob)).blocked();

        internet.mend(alice, bob);

        assertThat(reading.result()).isEqualTo(20);
        transfer(open(), 100);
    }

    @Test
    void mending_brings_the_news_that_the_other_end_has_hung_up() throws Exception {
        Pair pair = open();
        internet.cut(alice, bob);
        pair.bob.close();
        var writing = LinkContract.startStuckWrite(pair.alice);

        internet.mend(alice, bob);

        assertThat(writing.failure()).isInstanceOf(LinkResetException.class);
    }

    @Test
    void a_link_holds_no_more_than_its_buffer() throws Exception {
        internet.conditions(Conditions.IDEAL.withInFlightBytes(10_000));
        Pair pair = open();
        ByteBuffer source = ByteBuffer.allocate(1 << 20);
        var writing = Threads.start(() -> pair.alice.write(source, LONG)).blocked();

        assertThat(source.position()).isEqualTo(10_000);
        assertThat(read(pair.bob)).isEqualTo(10_000);

        internet.reset(alice, bob);
        assertThat(writing.failure()).isInstanceOf(LinkResetException.class);
    }

    @Test
    void segmented_reads_stop_where_the_seed_says() throws Exception {
        List<Integer> sizes = segmentSizes(5);

        assertThat(segmentSizes(5)).isEqualTo(sizes);
        assertThat(segmentSizes(6)).isNotEqualTo(sizes);
        assertThat(sizes).as("single bytes and whole kilobytes").contains(1);
        assertThat(sizes).anyMatch(size -> size > 1_000);
    }

    /// Sizes of the reads of ten streams that have arrived as a whole.
    private static List<Integer> segmentSizes(long seed) throws IOException {
        var internet = new MemoryNetwork(seed);
        internet.conditions(Conditions.IDEAL.withSegmentation());
        var sizes = new ArrayList<Integer>();
        for (int i = 0; i < 10; i++) {
            Pair pair = open(internet.host("10.0.0.1"), internet.host("10.0.0.2"));
            write(pair.alice, 60_000);
            pair.alice.close();
            sizes.addAll(Streams.readSizes(pair.bob));
        }
        return sizes;
    }

    @Test
    void unsegmented_reads_take_all_there_is() throws Exception {
        Pair pair = open();
        write(pair.alice, 60_000);
        pair.alice.close();

        assertThat(Streams.readSizes(pair.bob)).containsExactly(60_000);
    }

    @Test
    void a_host_cannot_listen_at_the_address_of_another() {
        assertThatThrownBy(() -> alice.listen(PORT))
                .hasMessage("listening on 10.0.0.2:6881: this host is 10.0.0.1");
    }

    @Test
    void a_line_needs_a_rate() {
        assertThatThrownBy(() -> alice.line(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line of 0 up and 1 down, allowed > 0");
    }

    @Test
    void fifty_hosts_with_five_hundred_links_all_get_their_bytes() throws Exception {
        internet.conditions(
                Conditions.IDEAL
                        .withLatency(Duration.ofMillis(10))
                        .withJitter(Duration.ofMillis(5))
                        .withSegmentation());
        var pairs = new ArrayList<Call<Pair>>();
        for (int i = 0; i < 500; i++) {
            Host from = internet.host("10.1.0." + i % 50).line(50_000_000, 50_000_000);
            Host to = internet.host("10.1.0." + (i + 1 + i / 50) % 50);
            pairs.add(Threads.start(() -> open(from, to)));
        }

        transferAll(pairs.stream().map(Call::result).toList(), 100_000);
    }
}
