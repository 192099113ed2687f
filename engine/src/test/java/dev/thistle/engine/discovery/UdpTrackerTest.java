package dev.thistle.engine.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.engine.discovery.AddressRule.Family;
import dev.thistle.engine.discovery.AnnounceOrder.Tracker;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.net.Conditions;
import dev.thistle.net.MemoryNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.net.http.Names;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.RetryIn;
import dev.thistle.protocol.tracker.ScrapeExchange;
import dev.thistle.protocol.tracker.SwarmCounts;
import dev.thistle.protocol.tracker.udp.UdpRequest;
import dev.thistle.protocol.tracker.udp.UdpTrackerUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UdpTrackerTest {

    private static final AddressRule ANY = new AddressRule(Family.EITHER, LocalTargets.ALLOWED);
    private static final Duration LONG = Duration.ofSeconds(25);
    private static final AnnounceRequest REQUEST =
            new AnnounceRequest(
                    InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"),
                    PeerId.random("-XX0100-", new Random(1)),
                    6881,
                    1,
                    2,
                    3,
                    AnnounceEvent.STARTED,
                    50,
                    7,
                    CryptoLevel.NONE,
                    null);

    private final MemoryNetwork internet = new MemoryNetwork(1);
    private final MemoryNetwork.Host here = internet.host("10.0.0.1");
    private final UdpTracker tracker =
            new UdpTracker(here, Names.system(), new Random(2), System::nanoTime);
    private UdpTrackerStub stub;

    @BeforeEach
    void start() throws IOException {
        stub = new UdpTrackerStub(internet.host("10.0.0.9"), new InetSocketAddress(80));
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private AnnounceAnswer announce(Duration firstWait, Duration patience) throws Exception {
        UdpTrackerUrl url = UdpTrackerUrl.parse(stub.url("/announce?key=secret"));
        return tracker.announce(url, REQUEST, ANY, firstWait, patience);
    }

    @Test
    void an_announce_is_answered_and_the_next_one_needs_no_connect() throws Exception {
        assertThat(announce(LONG, LONG))
                .isInstanceOfSatisfying(
                        AnnounceAnswer.Accepted.class,
                        answer -> {
                            assertThat(answer.peers()).containsExactly(UdpTrackerStub.PEER);
                            assertThat(answer.interval()).isEqualTo(Duration.ofMinutes(30));
                        });
        assertThat(announce(LONG, LONG)).isInstanceOf(AnnounceAnswer.Accepted.class);
        assertThat(stub.requests.take()).isInstanceOf(UdpRequest.Connect.class);
        for (int announces = 0; announces < 2; announces++) {
            assertThat(stub.requests.take())
                    .isInstanceOfSatisfying(
                            UdpRequest.Announce.class,
                            announce -> {
                                assertThat(announce.connectionId())
                                        .isEqualTo(UdpTrackerStub.CONNECTION);
                                assertThat(announce.urlData()).isEqualTo("/announce?key=secret");
                                assertThat(announce.request()).isEqualTo(REQUEST);
                            });
        }
        assertThat(stub.requests).isEmpty();
    }

    @Test
    void a_scrape_counts_the_swarm() throws Exception {
        assertThat(
                        tracker.scrape(
                                UdpTrackerUrl.parse(stub.url("")),
                                List.of(REQUEST.infoHash()),
                                ANY,
                                LONG,
                                LONG))
                .isEqualTo(
                        new ScrapeExchange.Answer.Counts(
                                Map.of(REQUEST.infoHash(), new SwarmCounts(4, 3, 9, -1)),
                                Optional.empty()));
    }

    @Test
    void a_refusal_is_told() throws Exception {
        stub.refusal = Optional.of("unregistered");
        assertThat(announce(LONG, LONG))
                .isEqualTo(new AnnounceAnswer.Refused("unregistered", new RetryIn.Unsaid()));
    }

    @Test
    void what_is_lost_is_sent_again() throws Exception {
        internet.conditions(Conditions.IDEAL.withLoss(0.5));
        for (int announces = 0; announces < 5; announces++) {
            assertThat(announce(Duration.ofMillis(5), LONG))
                    .isInstanceOf(AnnounceAnswer.Accepted.class);
        }
    }

    @Test
    void a_tracker_that_is_not_there_is_given_up_in_time() {
        stub.close();
        assertThatThrownBy(() -> announce(Duration.ofMillis(20), Duration.ofMillis(200)))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no answer in time");
    }

    @Test
    void answers_from_elsewhere_do_not_count() throws Exception {
        // The name leads to a host that hands everything to another, which answers itself.
        var names = new Names(_ -> List.of(InetAddress.ofLiteral("10.0.0.8")));
        var deceived = new UdpTracker(here, names, new Random(2), System::nanoTime);
        try (var relay = internet.host("10.0.0.8").datagrams(new InetSocketAddress(80));
                var forger = internet.host("10.0.0.7").datagrams(new InetSocketAddress(80))) {
            Thread.ofVirtual().start(() -> Forgery.answer(relay, forger));
            assertThatThrownBy(() ->
                            deceived.announce(
                                    new UdpTrackerUrl("tracker.example", 80, ""),
                                    REQUEST,
                                    ANY,
                                    LONG,
                                    Duration.ofMillis(200)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void an_obfuscated_announce_is_never_sent_in_datagrams() {
        var calls =
                new TrackerCalls(
                        here,
                        HttpCaller.over(here),
                        "Thistle/test",
                        new ExternalAddress(),
                        new Random(1),
                        System::nanoTime);
        assertThatThrownBy(() ->
                        calls.announce(
                                new Tracker(stub.url("/a"), AnnounceForm.OBFUSCATED),
                                REQUEST,
                                ANY,
                                LONG))
                .hasMessage("a UDP tracker cannot be asked obfuscated");
        assertThat(stub.requests).isEmpty();
    }

    @Test
    void external_addresses_are_voted_on() {
        var external = new ExternalAddress();
        assertThat(external.ipv4()).isEmpty();
        external.vote("liar", new byte[] {6, 6, 6, 6});
        assertThat(external.ipv4()).contains(InetAddress.ofLiteral("6.6.6.6"));
        external.vote("a", new byte[] {1, 2, 3, 4});
        external.vote("b", new byte[] {1, 2, 3, 4});
        for (int again = 0; again < 5; again++) {
            external.vote("liar", new byte[] {6, 6, 6, 6});
        }
        external.vote("c", new byte[] {127, 0, 0, 1});
        external.vote("d", new byte[3]);
        assertThat(external.ipv4()).contains(InetAddress.ofLiteral("1.2.3.4"));
        assertThat(external.ipv6()).isEmpty();
        external.vote("a", InetAddress.ofLiteral("2001:db8::7").getAddress());
        assertThat(external.ipv6()).contains(InetAddress.ofLiteral("2001:db8::7"));
    }
}
