package dev.thistle.protocol.tracker.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.SwarmCounts;
import dev.thistle.protocol.tracker.udp.UdpTrackerExchange.Next;
import dev.thistle.protocol.tracker.udp.UdpTrackerExchange.Wish;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UdpTrackerExchangeTest {

    private static final long SECOND = 1_000_000_000L;
    private static final PeerAddress TRACKER = PeerAddress.of(new byte[] {10, 0, 0, 1}, 80);
    private static final PeerAddress OTHER = PeerAddress.of(new byte[] {10, 0, 0, 2}, 80);
    private static final PeerAddress PEER = PeerAddress.of(new byte[] {10, 0, 0, 3}, 6881);
    private static final InfoHash HELLO =
            InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");
    private static final Wish ANNOUNCE =
            new Wish.Announce(
                    new AnnounceRequest(
                            HELLO,
                            PeerId.of(new byte[20]),
                            6881,
                            1,
                            2,
                            3,
                            AnnounceEvent.STARTED,
                            200,
                            7,
                            CryptoLevel.REQUIRED,
                            null),
                    "/announce");
    private static final Wish SCRAPE = new Wish.Scrape(List.of(HELLO));

    private static UdpTrackerExchange exchange(Wish wish, Optional<ConnectionId> borrowed) {
        return new UdpTrackerExchange(
                TRACKER, wish, borrowed, new Random(1), UdpTrackerExchange.FIRST_WAIT);
    }

    private static UdpTrackerExchange exchange(Wish wish) {
        return exchange(wish, Optional.empty());
    }

    private static UdpRequest sent(Next next) {
        assertThat(next).isInstanceOf(Next.Send.class);
        return UdpRequestCodec.decode(((Next.Send) next).datagram());
    }

    private static int connectTid(Next next) {
        assertThat(sent(next)).isInstanceOf(UdpRequest.Connect.class);
        return ((UdpRequest.Connect) sent(rewound(next))).transactionId();
    }

    private static Next rewound(Next next) {
        ((Next.Send) next).datagram().rewind();
        return next;
    }

    private static UdpRequest.Announce announce(Next next) {
        UdpRequest request = sent(next);
        assertThat(request).isInstanceOf(UdpRequest.Announce.class);
        return (UdpRequest.Announce) request;
    }

    private static ByteBuffer datagram(UdpAnswer answer) {
        ByteBuffer out = ByteBuffer.allocate(2000);
        UdpAnswerCodec.encode(answer, out);
        return out.flip();
    }

    private static Next answer(UdpTrackerExchange exchange, UdpAnswer answer, long now) {
        return exchange.received(TRACKER, datagram(answer), now);
    }

    private static UdpAnswer.Announced announced(int tid) {
        return new UdpAnswer.Announced(tid, 900, 5, 6, List.of(PEER, PEER, peerWithPort0()));
    }

    private static PeerAddress peerWithPort0() {
        return PeerAddress.of(new byte[] {10, 0, 0, 4}, 0);
    }

    @Test
    void connects_then_announces_then_tells_the_answer() {
        var exchange = exchange(ANNOUNCE);
        int tid = connectTid(exchange.start(0));
        var announce = announce(answer(exchange, new UdpAnswer.Connected(tid, 99), SECOND));
        assertThat(announce.connectionId()).isEqualTo(99);
        assertThat(announce.transactionId()).isNotEqualTo(tid);
        assertThat(announce.urlData()).isEqualTo("/announce");
        assertThat(announce.request().left()).isEqualTo(3);
        Next next = answer(exchange, announced(announce.transactionId()), 2 * SECOND);
        assertThat(next)
                .isInstanceOfSatisfying(
                        Next.Announced.class,
                        told -> {
                            assertThat(told.answer().interval()).isEqualTo(Duration.ofMinutes(15));
                            assertThat(told.answer().peers()).containsExactly(PEER);
                            assertThat(told.answer().complete()).isEqualTo(6);
                            assertThat(told.answer().incomplete()).isEqualTo(5);
                        });
        assertThat(exchange.connection()).contains(new ConnectionId(99, SECOND));
    }

    @Test
    void scrapes() {
        var exchange = exchange(SCRAPE);
        int tid = connectTid(exchange.start(0));
        UdpRequest request = sent(answer(exchange, new UdpAnswer.Connected(tid, 99), 0));
        assertThat(request).isInstanceOf(UdpRequest.Scrape.class);
        int scrapeTid = ((UdpRequest.Scrape) request).transactionId();
        var counts = new SwarmCounts(3, 4, 5, -1);
        assertThat(answer(exchange, new UdpAnswer.Scraped(scrapeTid, List.of(counts, counts)), 0))
                .isEqualTo(new Next.Scraped(Map.of(HELLO, counts)));
    }

    @Test
    void sends_again_after_15_30_60_seconds_and_gives_up_after_the_eighth_time() {
        var exchange = exchange(ANNOUNCE);
        int tid = connectTid(exchange.start(0));
        long now = 0;
        for (int n = 0; n < 8; n++) {
            now += (15 * SECOND) << n;
            assertThat(exchange.tick(now - 1)).isEqualTo(new Next.Wait(now));
            assertThat(connectTid(exchange.tick(now))).as("the same request").isEqualTo(tid);
        }
        now += (15 * SECOND) << 8;
        assertThat(exchange.tick(now - 1)).isEqualTo(new Next.Wait(now));
        assertThat(exchange.tick(now)).isEqualTo(new Next.GaveUp());
    }

    @Test
    void an_announce_that_is_not_answered_is_sent_again_and_the_first_answer_counts() {
        var exchange = exchange(ANNOUNCE);
        int tid = connectTid(exchange.start(0));
        var first = announce(answer(exchange, new UdpAnswer.Connected(tid, 99), 0));
        var second = announce(exchange.tick(15 * SECOND));
        assertThat(second).isEqualTo(first);
        assertThat(answer(exchange, announced(first.transactionId()), 16 * SECOND))
                .isInstanceOf(Next.Announced.class);
    }

    @Test
    void connects_anew_before_it_sends_again_with_an_id_that_is_too_old() {
        var exchange = exchange(ANNOUNCE);
        int tid = connectTid(exchange.start(0));
        var first = announce(answer(exchange, new UdpAnswer.Connected(tid, 99), 0));
        exchange.tick(15 * SECOND);
        announce(exchange.tick(45 * SECOND));
        int again = connectTid(exchange.tick(105 * SECOND));
        assertThat(again).isNotEqualTo(tid);
        var later = announce(answer(exchange, new UdpAnswer.Connected(again, 100), 106 * SECOND));
        assertThat(later.connectionId()).isEqualTo(100);
        assertThat(later.transactionId()).isNotEqualTo(first.transactionId());
    }

    @Test
    void passes_over_what_is_not_the_answer() {
        var exchange = exchange(ANNOUNCE);
        int tid = connectTid(exchange.start(0));
        var wait = new Next.Wait(15 * SECOND);
        var connected = new UdpAnswer.Connected(tid, 99);
        assertThat(exchange.received(OTHER, datagram(connected), 0)).isEqualTo(wait);
        assertThat(answer(exchange, new UdpAnswer.Connected(tid + 1, 99), 0)).isEqualTo(wait);
        assertThat(answer(exchange, announced(tid), 0)).isEqualTo(wait);
        assertThat(answer(exchange, new UdpAnswer.Scraped(tid, List.of()), 0)).isEqualTo(wait);
        assertThat(answer(exchange, new UdpAnswer.Refused(tid + 1, "no"), 0)).isEqualTo(wait);
        assertThat(exchange.received(TRACKER, ByteBuffer.allocate(3), 0)).isEqualTo(wait);
        var announce = announce(answer(exchange, connected, 0));
        int asked = announce.transactionId();
        assertThat(answer(exchange, new UdpAnswer.Connected(asked, 1), 0)).isEqualTo(wait);
        assertThat(answer(exchange, new UdpAnswer.Scraped(asked, List.of()), 0)).isEqualTo(wait);
        assertThat(exchange.received(OTHER, datagram(announced(asked)), 0)).isEqualTo(wait);
        assertThat(answer(exchange, announced(asked), 0)).isInstanceOf(Next.Announced.class);
    }

    @Test
    void a_datagram_of_no_use_does_not_put_off_the_next_attempt() {
        var exchange = exchange(ANNOUNCE);
        int tid = connectTid(exchange.start(0));
        Next next = exchange.received(OTHER, ByteBuffer.allocate(3), 15 * SECOND);
        assertThat(connectTid(next)).isEqualTo(tid);
    }

    @Test
    void a_refusal_is_told() {
        var exchange = exchange(ANNOUNCE);
        int tid = connectTid(exchange.start(0));
        assertThat(answer(exchange, new UdpAnswer.Refused(tid, "overloaded"), 0))
                .isEqualTo(new Next.Refused("overloaded"));
    }

    @Test
    void a_borrowed_id_saves_the_connect() {
        var exchange = exchange(ANNOUNCE, Optional.of(new ConnectionId(42, 0)));
        var announce = announce(exchange.start(59 * SECOND));
        assertThat(announce.connectionId()).isEqualTo(42);
        assertThat(answer(exchange, announced(announce.transactionId()), 59 * SECOND))
                .isInstanceOf(Next.Announced.class);
        assertThat(exchange.connection()).contains(new ConnectionId(42, 0));
    }

    @Test
    void a_borrowed_id_is_not_used_after_a_minute() {
        var exchange = exchange(ANNOUNCE, Optional.of(new ConnectionId(42, 0)));
        int tid = connectTid(exchange.start(60 * SECOND));
        var fresh = new UdpAnswer.Connected(tid, 43);
        var announce = announce(answer(exchange, fresh, 60 * SECOND));
        assertThat(announce.connectionId()).isEqualTo(43);
        // this one is our own: a refusal is a refusal
        assertThat(
                        answer(
                                exchange,
                                new UdpAnswer.Refused(announce.transactionId(), "no"),
                                60 * SECOND))
                .isEqualTo(new Next.Refused("no"));
    }

    @Test
    void a_borrowed_id_that_the_tracker_refuses_or_ignores_is_dropped() {
        for (boolean refused : new boolean[] {true, false}) {
            var exchange = exchange(ANNOUNCE, Optional.of(new ConnectionId(42, 0)));
            int asked = announce(exchange.start(0)).transactionId();
            Next next =
                    refused
                            ? answer(exchange, new UdpAnswer.Refused(asked, "bad id"), 0)
                            : exchange.tick(15 * SECOND);
            int tid = connectTid(next);
            var announce = announce(answer(exchange, new UdpAnswer.Connected(tid, 43), 0));
            assertThat(announce.connectionId()).isEqualTo(43);
        }
    }

    /// A tracker made of the same codec behind a wire that loses most of everything: whatever is
    /// lost, the exchange ends, and with the tracker's answer if any attempt got through.
    @ParameterizedTest
    @MethodSource("seeds")
    void a_wire_that_loses_datagrams_costs_time_and_nothing_else(long seed) {
        var random = new Random(seed);
        var exchange =
                new UdpTrackerExchange(
                        TRACKER, ANNOUNCE, Optional.empty(), random, Duration.ofSeconds(15));
        long now = random.nextLong();
        long began = now;
        var attempts = new ArrayList<UdpRequest>();
        Next next = exchange.start(now);
        while (next instanceof Next.Send || next instanceof Next.Wait) {
            if (next instanceof Next.Send(ByteBuffer datagram, long wakeAt)) {
                UdpRequest request = UdpRequestCodec.decode(datagram);
                attempts.add(request);
                if (random.nextInt(4) == 0) { // both ways
                    now += SECOND;
                    next = answer(exchange, answerTo(request), now);
                } else {
                    now = wakeAt;
                    next = exchange.tick(now);
                }
            }
        }
        if (next instanceof Next.GaveUp) {
            assertThat(now - began).isGreaterThan(15 * SECOND * 256);
        } else {
            assertThat(next).isInstanceOf(Next.Announced.class);
        }
        assertThat(attempts).hasSizeBetween(2, 9 + 9);
    }

    private static UdpAnswer answerTo(UdpRequest request) {
        return switch (request) {
            case UdpRequest.Connect(int tid) -> new UdpAnswer.Connected(tid, 5);
            case UdpRequest.Announce announce -> announced(announce.transactionId());
            case UdpRequest.Scrape _, UdpRequest.Malformed _ -> throw new AssertionError(request);
        };
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }
}
