package dev.thistle.engine.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.engine.discovery.AddressRule.Family;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.net.TcpNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.SwarmCounts;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AnnouncerTest {

    private static final InfoHash HELLO =
            InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");

    private final TcpNetwork network = new TcpNetwork();
    private final BlockingQueue<AnnounceOutcome> outcomes = new LinkedBlockingQueue<>();
    private final AtomicLong passed = new AtomicLong();
    private final ExternalAddress external = new ExternalAddress();
    private Announcer.Manner manner =
            new Announcer.Manner(
                    List.of(HELLO), List.of(Family.EITHER), LocalTargets.ALLOWED, false);
    private TrackerStub one;
    private TrackerStub two;

    @BeforeEach
    void start() throws IOException {
        one = new TrackerStub();
        two = new TrackerStub();
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        network.close();
    }

    private Announcer announcer(List<String> clear, List<String> obfuscated) {
        var order =
                new AnnounceOrder(
                        clear.stream().map(List::of).toList(),
                        obfuscated.stream().map(List::of).toList(),
                        new Random(1));
        var announcer = unstarted(order);
        announcer.start();
        return announcer;
    }

    private Announcer unstarted(AnnounceOrder order) {
        LongSupplier clock = () -> System.nanoTime() + passed.get();
        return new Announcer(
                new TrackerCalls(
                        network,
                        HttpCaller.over(network),
                        "Thistle/test",
                        external,
                        new Random(1),
                        clock),
                order,
                manner,
                AnnouncerTest::request,
                outcomes::add,
                new Random(1),
                clock);
    }

    private static AnnounceRequest request(
            InfoHash swarm, AnnounceEvent event, @Nullable String trackerId) {
        return new AnnounceRequest(
                swarm,
                PeerId.random("-XX0100-", new Random(1)),
                6881,
                1,
                2,
                3,
                event,
                50,
                7,
                CryptoLevel.SUPPORTED,
                trackerId);
    }

    @Test
    void a_tracker_hears_started_then_completed_then_stopped() throws Exception {
        Announcer announcer = announcer(List.of(one.url("/a")), List.of());
        assertThat(one.requests.take()).contains("event=started");
        assertThat(outcomes.take()).isInstanceOf(AnnounceOutcome.Answered.class);
        announcer.completed();
        assertThat(one.requests.take()).contains("event=completed");
        assertThat(outcomes.take()).isInstanceOf(AnnounceOutcome.Answered.class);
        announcer.stop();
        assertThat(one.requests.take()).contains("event=stopped");
        assertThat(one.requests).isEmpty();
    }

    @Test
    void the_tracker_id_is_repeated_to_the_tracker_that_gave_it() throws Exception {
        one.reply(200, "d5:peers0:10:tracker id3:x&\u00e9e");
        Announcer announcer = announcer(List.of(one.url("/a")), List.of());
        assertThat(one.requests.take()).doesNotContain("trackerid");
        outcomes.take();
        announcer.stop();
        assertThat(one.requests.take()).contains("trackerid=x%26%E9");
    }

    @Test
    void a_tracker_that_never_answered_hears_no_goodbye() throws Exception {
        one.reply(200, "d14:failure reason4:nopee");
        Announcer announcer = announcer(List.of(one.url("/a")), List.of());
        assertThat(one.requests.take()).contains("event=started");
        assertThat(outcomes.take())
                .isInstanceOfSatisfying(
                        AnnounceOutcome.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo("nope"));
        announcer.stop();
        assertThat(one.requests).isEmpty();
    }

    @Test
    void the_next_tracker_is_asked_at_once_when_one_fails() throws Exception {
        one.reply(500, "<html>");
        Announcer announcer = announcer(List.of(one.url("/a"), two.url("/b")), List.of());
        assertThat(two.requests.take()).contains("event=started");
        announcer.stop();
        assertThat(one.requests).hasSize(1);
        assertThat(two.requests.take()).contains("event=stopped");
    }

    @Test
    void the_clear_list_is_not_asked_while_an_obfuscated_tracker_answers() throws Exception {
        Announcer announcer = announcer(List.of(two.url("/clear")), List.of(one.url("/hidden")));
        assertThat(one.requests.take()).contains("sha_ih=").doesNotContain("info_hash");
        outcomes.take();
        announcer.completed();
        assertThat(one.requests.take()).contains("sha_ih=").doesNotContain("info_hash");
        outcomes.take();
        announcer.stop();
        assertThat(one.requests.take()).contains("sha_ih=").doesNotContain("info_hash");
        assertThat(two.requests).isEmpty();
    }

    @Test
    void a_tracker_of_the_obfuscated_list_alone_never_hears_the_info_hash() throws Exception {
        one.reply(200, "d14:failure reason17:missing info_hashe");
        Announcer announcer = announcer(List.of(two.url("/clear")), List.of(one.url("/hidden")));
        assertThat(two.requests.take()).contains("info_hash=");
        announcer.stop();
        assertThat(one.requests).hasSize(1).allMatch(line -> !line.contains("info_hash"));
    }

    @Test
    void a_tracker_that_did_not_hear_completed_hears_it_the_next_time_it_answers()
            throws Exception {
        Announcer announcer = announcer(List.of(one.url("/a"), two.url("/b")), List.of());
        assertThat(one.requests.take()).contains("event=started");
        outcomes.take();
        one.reply(500, "<html>");
        announcer.completed();
        assertThat(one.requests.take()).contains("event=completed");
        assertThat(two.requests.take()).contains("event=started");
        outcomes.take();
        assertThat(outcomes.take()).isInstanceOf(AnnounceOutcome.Answered.class);
        one.reply(200, "d5:peers0:e");
        passed.addAndGet(TimeUnit.MINUTES.toNanos(1)); // the first one's waiting time is over
        announcer.completed(); // makes a round at once
        assertThat(one.requests.take()).contains("event=completed");
        outcomes.take();
        announcer.stop();
        assertThat(one.requests.take()).contains("event=stopped");
        assertThat(two.requests.take()).contains("event=stopped");
    }

    @Test
    void silent_trackers_all_hear_goodbye_and_do_not_hold_it_up() throws Exception {
        Announcer announcer = announcer(List.of(one.url("/a"), two.url("/b")), List.of());
        outcomes.take();
        one.reply(500, "<html>");
        announcer.completed();
        outcomes.take();
        assertThat(outcomes.take()).isInstanceOf(AnnounceOutcome.Answered.class);
        var end = new CountDownLatch(1);
        one.behave(_ -> await(end));
        two.behave(_ -> await(end));
        one.requests.clear();
        two.requests.clear();
        announcer.completed();
        assertThat(two.requests.take()).contains("event=completed"); // and now it waits

        long start = System.nanoTime();
        announcer.stop();

        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
        assertThat(one.requests).singleElement().asString().contains("event=stopped");
        assertThat(two.requests).singleElement().asString().contains("event=stopped");
        end.countDown();
    }

    @Test
    void a_tracker_that_was_told_but_has_not_answered_hears_goodbye() throws Exception {
        var end = new CountDownLatch(1);
        one.behave(_ -> await(end));
        Announcer announcer = announcer(List.of(one.url("/a")), List.of());
        assertThat(one.requests.take()).contains("event=started");

        announcer.stop();

        assertThat(one.requests.take()).contains("event=stopped");
        end.countDown();
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void stopping_an_announcer_that_never_started_does_nothing() throws Exception {
        var order = new AnnounceOrder(List.of(List.of(one.url("/a"))), List.of(), new Random(1));
        unstarted(order).stop();
        assertThat(one.requests).isEmpty();
    }

    @Test
    void a_hybrid_torrent_is_announced_under_both_names_by_each_family() throws Exception {
        var other = InfoHash.of(new byte[20]);
        manner =
                new Announcer.Manner(
                        List.of(HELLO, other),
                        List.of(Family.IPV4, Family.IPV6),
                        LocalTargets.ALLOWED,
                        false);
        Announcer announcer = announcer(List.of(one.url("/a")), List.of());
        List<String> told = List.of(one.requests.take(), one.requests.take());
        assertThat(told).anyMatch(line -> line.contains("info_hash=%AA%F4"));
        assertThat(told).anyMatch(line -> line.contains("info_hash=%00%00"));
        for (int answers = 0; answers < 2; answers++) {
            assertThat(outcomes.take())
                    .as("the tracker has no IPv6 address, which is no failure")
                    .isInstanceOf(AnnounceOutcome.Answered.class);
        }
        announcer.stop();
        assertThat(List.of(one.requests.take(), one.requests.take()))
                .allMatch(line -> line.contains("event=stopped"));
        assertThat(one.requests).isEmpty();
        assertThat(outcomes).isEmpty();
    }

    @Test
    void a_name_that_is_learnt_late_is_announced_at_once_and_hears_goodbye() throws Exception {
        var other = InfoHash.of(new byte[20]);
        Announcer announcer = announcer(List.of(one.url("/a")), List.of());
        assertThat(one.requests.take()).contains("info_hash=%AA%F4", "event=started");
        outcomes.take();
        announcer.alsoIn(List.of(HELLO, other));
        assertThat(one.requests.take()).contains("info_hash=%00%00", "event=started");
        assertThat(outcomes.take())
                .isInstanceOfSatisfying(
                        AnnounceOutcome.Answered.class,
                        answered -> assertThat(answered.swarm()).isEqualTo(other));
        announcer.alsoIn(List.of(HELLO, other));
        announcer.stop();
        assertThat(List.of(one.requests.take(), one.requests.take()))
                .as("and nothing is announced twice")
                .allMatch(line -> line.contains("event=stopped"));
        assertThat(one.requests).isEmpty();
    }

    @Test
    void a_tracker_that_hangs_keeps_nobody_from_the_next() throws Exception {
        var end = new CountDownLatch(1);
        one.behave(_ -> await(end));
        Announcer announcer = announcer(List.of(one.url("/a"), two.url("/b")), List.of());
        assertThat(one.requests.take()).contains("event=started");
        passed.addAndGet(TimeUnit.SECONDS.toNanos(5));
        announcer.wantPeers(); // makes it look at the clock
        assertThat(two.requests.take()).contains("event=started");
        assertThat(outcomes.take())
                .isInstanceOfSatisfying(
                        AnnounceOutcome.Answered.class,
                        answered -> assertThat(answered.tracker().url()).endsWith("/b"));
        end.countDown();
        announcer.stop();
    }

    @Test
    void more_peers_are_asked_for_when_the_tracker_allows_it_and_no_sooner() throws Exception {
        one.reply(200, "d8:intervali3600e12:min intervali90e5:peers0:e");
        Announcer announcer = announcer(List.of(one.url("/a")), List.of());
        assertThat(one.requests.take()).contains("event=started");
        outcomes.take();
        passed.addAndGet(TimeUnit.SECONDS.toNanos(30));
        announcer.wantPeers();
        announcer.completed(); // heard after the wish, and nothing was asked in between
        assertThat(one.requests.take()).contains("event=completed");
        outcomes.take();
        passed.addAndGet(TimeUnit.SECONDS.toNanos(91));
        announcer.wantPeers();
        assertThat(one.requests.take()).doesNotContain("event=");
        announcer.stop();
    }

    @Test
    void a_tracker_that_does_not_say_how_big_the_swarm_is_is_asked() throws Exception {
        one.behave(exchange -> {
            boolean scrape = exchange.getRequestURI().getPath().startsWith("/scrape");
            byte[] name = HELLO.bytes();
            String body =
                    scrape
                            ? "d5:filesd20:"
                                    + new String(name, StandardCharsets.ISO_8859_1)
                                    + "d8:completei5e10:incompletei6eeee"
                            : "d5:peers0:e";
            TrackerStub.reply(exchange, 200, body.getBytes(StandardCharsets.ISO_8859_1));
        });
        Announcer announcer = announcer(List.of(one.url("/announce")), List.of());
        assertThat(outcomes.take()).isInstanceOf(AnnounceOutcome.Answered.class);
        assertThat(outcomes.take())
                .isInstanceOfSatisfying(
                        AnnounceOutcome.Counted.class,
                        counted ->
                                assertThat(counted.counts())
                                        .isEqualTo(new SwarmCounts(5, 6, -1, -1)));
        announcer.stop();
    }

    @Test
    void how_a_tracker_sees_us_is_a_vote() throws Exception {
        one.reply(200, "d11:external ip4:\u0001\u0002\u0003\u00045:peers0:e");
        Announcer announcer = announcer(List.of(one.url("/a")), List.of());
        outcomes.take();
        assertThat(external.ipv4()).contains(InetAddress.ofLiteral("1.2.3.4"));
        announcer.stop();
    }
}
