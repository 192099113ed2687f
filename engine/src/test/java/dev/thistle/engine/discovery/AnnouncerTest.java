package dev.thistle.engine.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AnnouncerTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<AnnounceOutcome> outcomes = new LinkedBlockingQueue<>();
    private final AtomicLong passed = new AtomicLong();
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
        http.shutdownNow();
        http.close();
    }

    private Announcer announcer(List<String> clear, List<String> obfuscated) {
        var order =
                new AnnounceOrder(
                        clear.stream().map(List::of).toList(),
                        obfuscated.stream().map(List::of).toList(),
                        new Random(1));
        var announcer =
                new Announcer(
                        new HttpTracker(http, "Thistle/test"),
                        order,
                        AnnouncerTest::request,
                        outcomes::add,
                        () -> System.nanoTime() + passed.get());
        announcer.start();
        return announcer;
    }

    private static AnnounceRequest request(AnnounceEvent event, @Nullable String trackerId) {
        return new AnnounceRequest(
                InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
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
        new Announcer(
                        new HttpTracker(http, "x"),
                        order,
                        AnnouncerTest::request,
                        outcomes::add,
                        System::nanoTime)
                .stop();
        assertThat(one.requests).isEmpty();
    }
}
