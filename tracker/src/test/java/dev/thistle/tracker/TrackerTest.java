package dev.thistle.tracker;

import static dev.thistle.tracker.RawHttp.body;
import static dev.thistle.tracker.RawHttp.exchange;
import static dev.thistle.tracker.RawHttp.get;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceAnswer;
import dev.thistle.protocol.tracker.AnnounceAnswerReader;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceQuery;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.Reach;
import dev.thistle.protocol.tracker.RetryIn;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrackerTest {

    private static final InfoHash TORRENT =
            InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");

    @TempDir private Path folder;

    private final AtomicLong nanos = new AtomicLong();

    @ParameterizedTest
    @EnumSource
    void two_peers_find_each_other(AnnounceForm form) throws Exception {
        try (var tracker = start(config())) {
            accepted(tracker, request(6881, 5), AnnounceForm.CLEAR);
            var answer = accepted(tracker, request(6882, 0), form);

            assertThat(answer.peers()).containsExactly(here(6881));
            assertThat(answer.complete()).isEqualTo(1);
            assertThat(answer.incomplete()).isEqualTo(1);
            assertThat(answer.obfuscated()).isEqualTo(form == AnnounceForm.OBFUSCATED);
            assertThat(answer.interval()).isBetween(Duration.ofMinutes(27), Duration.ofMinutes(33));
            assertThat(answer.minInterval()).contains(Duration.ofMinutes(15));
        }
    }

    @Test
    void an_obfuscated_announce_and_its_answer_show_neither_torrent_nor_port_nor_any_peer()
            throws Exception {
        try (var tracker = start(config())) {
            int[] ports = {6881, 50_001, 443};
            for (int port : ports) {
                accepted(tracker, request(port, 5), AnnounceForm.CLEAR);
            }
            AnnounceRequest asker = request(51_413, 5, 50, "-TH0100-zyxwvutsrqpo", 0x0BAD_CAFE);
            String sent =
                    "GET /announce?"
                            + AnnounceQuery.encode(asker, AnnounceForm.OBFUSCATED)
                            + " HTTP/1.1\r\nHost: tracker\r\nConnection: close\r\n\r\n";
            String received = exchange(tracker.address(), sent);
            var answer =
                    (AnnounceAnswer.Accepted) read(body(received), asker, AnnounceForm.OBFUSCATED);

            assertThat(answer.peers())
                    .containsExactlyInAnyOrder(here(6881), here(50_001), here(443));
            String wire = sent + unescape(sent) + received;
            assertThat(wire)
                    .doesNotContain("info_hash", "51413", "127.0.0.1", "external ip")
                    .doesNotContain(new String(TORRENT.bytes(), ISO_8859_1))
                    .doesNotContainIgnoringCase(TORRENT.toString());
            for (int port : ports) {
                assertThat(wire)
                        .doesNotContain("port=" + port, compact(here(port)), "i" + port + "e");
            }
            assertThat(wire).doesNotContain(compact(here(51_413)), "\u007f\0\0\u0001");
        }
    }

    @Test
    void stopping_does_not_wait_for_a_connection_that_is_kept_for_later() throws Exception {
        Tracker tracker = start(config());
        try (var socket = new Socket(tracker.address().getAddress(), tracker.address().getPort())) {
            socket.setSoTimeout(5_000);
            String announce = AnnounceQuery.encode(request(6881, 5), AnnounceForm.CLEAR);
            socket.getOutputStream()
                    .write(
                            "GET /announce?%s HTTP/1.1\r\nHost: t\r\n\r\n"
                                    .formatted(announce)
                                    .getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
                    .isEqualTo("HTTP/1.1 200");

            long begin = System.nanoTime();
            tracker.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofMillis(1_500));
            assertThat(socket.getInputStream().readAllBytes()).as("its end").isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 60, 200})
    void obfuscated_peers_of_a_large_swarm_are_all_real_and_never_the_asker(int wanted)
            throws Exception {
        try (var tracker = start(config())) {
            for (int port = 1; port <= 150; port++) {
                accepted(tracker, request(port, 5), AnnounceForm.CLEAR);
            }
            for (int port = 1; port <= 20; port++) {
                var answer = accepted(tracker, request(port, 5, wanted), AnnounceForm.OBFUSCATED);

                assertThat(answer.peers())
                        .hasSize(Math.min(wanted, 149))
                        .doesNotContain(here(port))
                        .allMatch(peer -> peer.port() <= 150 && peer.isV4());
                assertThat(answer.obfuscated()).isTrue();
            }
        }
    }

    @Test
    void a_torrent_nobody_announced_openly_is_unknown_under_its_hidden_name() throws Exception {
        try (var tracker = start(config())) {
            assertThat(announce(tracker, request(1, 5), AnnounceForm.OBFUSCATED))
                    .isEqualTo(
                            new AnnounceAnswer.Refused(
                                    "unregistered torrent",
                                    new RetryIn.After(Duration.ofMinutes(15))));
        }
    }

    @Test
    void the_file_of_known_torrents_makes_hidden_names_known_from_the_start() throws Exception {
        Path known = file("known", TORRENT.toString());
        try (var tracker = start(config().withLists(new TrackerConfig.Lists(null, null, known)))) {
            accepted(tracker, request(1, 5), AnnounceForm.OBFUSCATED);
            assertThat(accepted(tracker, request(2, 5), AnnounceForm.OBFUSCATED).peers())
                    .containsExactly(here(1));
        }
    }

    @Test
    void whoever_runs_it_can_name_a_torrent_while_it_runs() throws Exception {
        try (var tracker = start(config())) {
            tracker.know(Set.of(TORRENT));
            accepted(tracker, request(1, 5), AnnounceForm.OBFUSCATED);
        }
    }

    @Test
    void the_allow_list_serves_its_torrents_in_both_forms_and_no_others() throws Exception {
        Path allow = file("allow", TORRENT + " # ours\n");
        try (var tracker = start(config().withLists(new TrackerConfig.Lists(allow, null, null)))) {
            accepted(tracker, request(1, 5), AnnounceForm.OBFUSCATED);
            accepted(tracker, request(2, 5), AnnounceForm.CLEAR);
            String other = "/announce?info_hash=" + "a".repeat(20) + "&peer_id=" + "b".repeat(20);
            assertThat(body(get(tracker.address(), other + "&port=1")))
                    .contains("unregistered torrent");
        }
    }

    @Test
    void the_deny_list_can_change_while_the_tracker_runs() throws Exception {
        Path deny = file("deny", "# nothing yet\n");
        try (var tracker = start(config().withLists(new TrackerConfig.Lists(null, deny, null)))) {
            accepted(tracker, request(1, 5), AnnounceForm.CLEAR);
            Files.writeString(deny, TORRENT.toString());
            tracker.reloadLists();
            for (AnnounceForm form : AnnounceForm.values()) {
                assertThat(announce(tracker, request(2, 5), form))
                        .isInstanceOf(AnnounceAnswer.Refused.class);
            }
            Files.writeString(deny, "nonsense");
            assertThatThrownBy(tracker::reloadLists)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("deny, line 1");
            assertThat(announce(tracker, request(2, 5), AnnounceForm.CLEAR))
                    .isInstanceOf(AnnounceAnswer.Refused.class);
        }
    }

    @Test
    void the_list_form_names_peer_ids_unless_they_are_not_wanted() throws Exception {
        try (var tracker = start(config())) {
            accepted(tracker, request(6881, 5), AnnounceForm.CLEAR);
            String query =
                    AnnounceQuery.encode(request(6882, 5), AnnounceForm.CLEAR)
                            .replace("&compact=1&no_peer_id=1", "&compact=0");
            assertThat(body(get(tracker.address(), "/announce?" + query)))
                    .contains(
                            "5:peersld2:ip9:127.0.0.17:peer id20:-TH0100-0000000068814:porti6881eee");
            assertThat(body(get(tracker.address(), "/announce?" + query + "&no_peer_id=1")))
                    .contains("5:peersld2:ip9:127.0.0.14:porti6881eee");
        }
    }

    @Test
    void a_hidden_name_is_answered_compactly_even_if_it_asks_for_the_list_form() throws Exception {
        try (var tracker = start(config())) {
            accepted(tracker, request(6881, 5), AnnounceForm.CLEAR);
            String query =
                    AnnounceQuery.encode(request(6882, 5), AnnounceForm.OBFUSCATED)
                            .replace("&compact=1", "&compact=0");
            assertThat(body(get(tracker.address(), "/announce?" + query))).contains("5:peers6:");
        }
    }

    @Test
    void ipv6_peers_are_told_in_peers6() throws Exception {
        var loopback = new InetSocketAddress(InetAddress.ofLiteral("::1"), 0);
        try (var tracker = Tracker.start(TrackerConfig.on(loopback))) {
            for (AnnounceForm form : AnnounceForm.values()) {
                accepted(tracker, request(6881, 5), AnnounceForm.CLEAR);
                var answer = accepted(tracker, request(6882, 5), form);
                byte[] ip = InetAddress.ofLiteral("::1").getAddress();
                assertThat(answer.peers()).containsExactly(PeerAddress.of(ip, 6881));
            }
        }
    }

    @Test
    void who_requires_encryption_is_marked_for_those_who_support_it() throws Exception {
        try (var tracker = start(config())) {
            String require =
                    AnnounceQuery.encode(request(6881, 5), AnnounceForm.CLEAR) + "&requirecrypto=1";
            get(tracker.address(), "/announce?" + require);

            assertThat(accepted(tracker, request(6882, 5), AnnounceForm.CLEAR).requireCrypto())
                    .containsExactly(here(6881));
        }
    }

    @Test
    void the_address_a_client_claims_counts_only_through_a_trusted_proxy() throws Exception {
        String query = "&ip=203.0.113.9";
        try (var tracker = start(config())) {
            announceWith(tracker, query, "");
            announceWith(tracker, "", "X-Forwarded-For: 203.0.113.8\r\n");
            assertThat(accepted(tracker, request(2, 5), AnnounceForm.CLEAR).peers())
                    .containsExactly(here(1));
        }
        var proxies = Set.of(InetAddress.ofLiteral("127.0.0.1"));
        try (var tracker = start(config().withTrustedProxies(proxies))) {
            announceWith(tracker, "", "X-Forwarded-For: 198.51.100.1, 203.0.113.8, 127.0.0.1\r\n");
            announceWith(tracker, query, "");
            assertThat(accepted(tracker, request(2, 5), AnnounceForm.CLEAR).peers())
                    .map(PeerAddress::toString)
                    .containsExactlyInAnyOrder("203.0.113.8:1", "203.0.113.9:1");
        }
    }

    @Test
    void one_address_behind_a_proxy_has_its_rate() throws Exception {
        var proxies = Set.of(InetAddress.ofLiteral("127.0.0.1"));
        try (var tracker = start(config().withTrustedProxies(proxies))) {
            for (int k = 0; k < 50; k++) {
                assertThat(announceWith(tracker, "", "X-Forwarded-For: 203.0.113.8\r\n"))
                        .contains("5:peers");
            }
            assertThat(announceWith(tracker, "", "X-Forwarded-For: 203.0.113.8\r\n"))
                    .contains("too many requests from your address", "8:retry ini1e");
            nanos.addAndGet(1_000_000_000L);
            assertThat(announceWith(tracker, "", "X-Forwarded-For: 203.0.113.8\r\n"))
                    .contains("5:peers");
        }
    }

    @Test
    void silent_peers_are_told_to_nobody_after_two_intervals_and_a_little() throws Exception {
        try (var tracker = start(config())) {
            accepted(tracker, request(1, 5), AnnounceForm.CLEAR);
            nanos.addAndGet(Duration.ofMinutes(65).toNanos());
            assertThat(accepted(tracker, request(2, 5), AnnounceForm.CLEAR).peers())
                    .containsExactly(here(1));
            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            assertThat(accepted(tracker, request(3, 5), AnnounceForm.CLEAR).peers())
                    .containsExactly(here(2));
        }
    }

    @Test
    void stats_count_what_happened() throws Exception {
        try (var tracker = start(config())) {
            accepted(tracker, request(1, 5), AnnounceForm.CLEAR);
            accepted(tracker, request(2, 5), AnnounceForm.OBFUSCATED);
            get(tracker.address(), "/announce");
            get(tracker.address(), "/scrape?info_hash=" + "a".repeat(20));

            assertThat(tracker.stats()).isEqualTo(new TrackerStats(3, 1, 1, 1, 1, 2));
        }
    }

    @Test
    void a_taken_port_is_named_and_closing_gives_it_back() throws Exception {
        InetSocketAddress address;
        try (var tracker = start(config())) {
            address = tracker.address();
            assertThatThrownBy(() -> Tracker.start(TrackerConfig.on(address)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(String.valueOf(address.getPort()))
                    .hasRootCauseInstanceOf(BindException.class);
        }
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
                .isInstanceOf(IOException.class);
        Tracker.start(TrackerConfig.on(address)).close();
    }

    private Tracker start(TrackerConfig config) throws IOException {
        return Tracker.start(config, nanos::get);
    }

    private static TrackerConfig config() throws IOException {
        return TrackerConfig.on(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static PeerAddress here(int port) {
        return PeerAddress.of(new byte[] {127, 0, 0, 1}, port);
    }

    private static AnnounceRequest request(int port, long left) {
        return request(port, left, 50);
    }

    private static AnnounceRequest request(int port, long left, int wanted) {
        return request(port, left, wanted, "-TH0100-%012d".formatted(port), port);
    }

    private static AnnounceRequest request(
            int port, long left, int wanted, String peerId, int key) {
        return new AnnounceRequest(
                TORRENT,
                PeerId.of(peerId.getBytes(ISO_8859_1)),
                port,
                0,
                0,
                left,
                AnnounceEvent.NONE,
                wanted,
                key,
                CryptoLevel.SUPPORTED,
                null);
    }

    private static AnnounceAnswer.Accepted accepted(
            Tracker tracker, AnnounceRequest request, AnnounceForm form) throws IOException {
        return (AnnounceAnswer.Accepted) announce(tracker, request, form);
    }

    private static AnnounceAnswer announce(
            Tracker tracker, AnnounceRequest request, AnnounceForm form) throws IOException {
        String answer = get(tracker.address(), "/announce?" + AnnounceQuery.encode(request, form));
        return read(body(answer), request, form);
    }

    private static AnnounceAnswer read(String body, AnnounceRequest request, AnnounceForm form)
            throws IOException {
        return AnnounceAnswerReader.read(
                ByteBuffer.wrap(body.getBytes(ISO_8859_1)), request, form, Reach.LAB);
    }

    /// Announces port 1, without a key, so that each address is a peer of its own.
    private static String announceWith(Tracker tracker, String parameters, String header) {
        String query =
                AnnounceQuery.encode(request(1, 5), AnnounceForm.CLEAR)
                        .replaceAll("&key=[0-9A-F]*", "");
        return body(
                exchange(
                        tracker.address(),
                        "GET /announce?"
                                + query
                                + parameters
                                + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
                                + header
                                + "\r\n"));
    }

    private static String compact(PeerAddress peer) {
        var out = ByteBuffer.allocate(peer.compactBytes());
        peer.writeTo(out);
        return new String(out.array(), ISO_8859_1);
    }

    private static String unescape(String text) {
        var bytes = new ArrayList<Byte>();
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) == '%') {
                bytes.add((byte) Integer.parseInt(text, at + 1, at + 3, 16));
                at += 2;
            } else {
                bytes.add((byte) text.charAt(at));
            }
        }
        byte[] plain = new byte[bytes.size()];
        for (int k = 0; k < plain.length; k++) {
            plain[k] = bytes.get(k);
        }
        return new String(plain, ISO_8859_1);
    }
}
