package dev.thistle.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.thistle.engine.settings.EncryptionPolicy;
import dev.thistle.engine.settings.LocalTargets;
import dev.thistle.engine.settings.RateLimits;
import dev.thistle.engine.settings.SessionLimits;
import dev.thistle.engine.settings.SessionSettings;
import dev.thistle.engine.settings.TorrentSettings;
import dev.thistle.engine.settings.WebSeedSettings;
import dev.thistle.engine.snapshot.TorrentSnapshot.State;
import dev.thistle.engine.snapshot.TorrentSnapshot.WebSeedSnapshot;
import dev.thistle.engine.storage.MemoryStore;
import dev.thistle.net.TcpNetwork;
import dev.thistle.net.http.HttpCaller;
import dev.thistle.net.http.Names;
import dev.thistle.protocol.metainfo.Magnet;
import dev.thistle.protocol.metainfo.MetaVersion;
import dev.thistle.protocol.metainfo.Metainfo;
import dev.thistle.protocol.metainfo.MetainfoReader;
import dev.thistle.protocol.peer.HashRange;
import dev.thistle.protocol.peer.PeerMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Downloads from a web server that misbehaves by script (BEP 19).
@Timeout(60)
class WebSeedTest {

    private static final int PIECE = 32 * 1024;
    private static final byte[] CONTENT = Lab.content(10 * PIECE + 5_000);
    private static final TorrentSettings QUICK =
            Lab.QUICK.withWebSeeds(
                    new WebSeedSettings(3, Duration.ofSeconds(20), Duration.ofMillis(20)));

    private final TcpNetwork network = new TcpNetwork();
    private final Lab lab = new Lab();
    private WebSeedStub server;
    private Session session;

    @BeforeEach
    void start() throws IOException {
        server = new WebSeedStub().file("/content", CONTENT);
        session =
                Session.open(
                        SessionSettings.of(lab.socket(1), EncryptionPolicy.DEFAULT),
                        lab.host(1),
                        HttpCaller.over(network),
                        new Random(1));
    }

    @AfterEach
    void stop() {
        session.close();
        lab.close();
        server.close();
        network.close();
    }

    private Metainfo single(String... urls) {
        return Torrents.of("content", CONTENT, PIECE, urls);
    }

    private static byte[] held(MemoryStore store, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        store.read(0, bytes);
        return bytes.array();
    }

    private Torrent complete(Metainfo metainfo, byte[] content) {
        return complete(metainfo, content, QUICK);
    }

    private Torrent complete(Metainfo metainfo, byte[] content, TorrentSettings settings) {
        var store = new MemoryStore(content.length);
        Torrent torrent = session.add(metainfo, store, settings);
        torrent.completed().copy().orTimeout(50, TimeUnit.SECONDS).join();
        assertThat(held(store, content.length)).isEqualTo(content);
        return torrent;
    }

    /// What it sent could not be told right from wrong, and would not be asked for again.
    @Test
    void a_web_seed_is_asked_for_nothing_whose_hash_is_not_known_yet() throws Exception {
        byte[] content = HashExchangeTest.CONTENT;
        server.file("/folder/file-0", content);
        Metainfo whole =
                Torrents.ofFolder(MetaVersion.V2, content, HashExchangeTest.PIECE, content.length);
        String link = Magnet.of(whole).link() + "&ws=" + server.url("/");
        Metainfo bare = MetainfoReader.readInfo(whole.infoBytes(), Magnet.parse(link));
        assertThat(bare.webSeeds()).hasSize(1);
        var store = new MemoryStore(content.length);
        Torrent torrent =
                session.add(
                        bare, store, Lab.QUICK_BUT_BEARS_SILENCE.withWebSeeds(QUICK.webSeeds()));
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
        try (RawPeer peer = RawPeer.call(lab.host(2), lab.socket(1), whole.infoHash())) {
            HashRange layer = peer.hear(PeerMessage.HashRequest.class).range();
            assertThat(server.requests).isEmpty();

            peer.say(HashExchangeTest.answer(layer));

            torrent.completed().copy().get(50, TimeUnit.SECONDS);
        }
        assertThat(held(store, content.length)).isEqualTo(content);
    }

    /// 332 KiB at 150,000 bytes a second, of which a burst comes at once: a busy machine may be
    /// slower, never faster.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_web_seed_keeps_to_the_rate(boolean ofTheSession) throws Exception {
        var rates = new RateLimits(150_000, 0);
        session.close();
        session =
                Session.open(
                        SessionSettings.of(lab.socket(2), EncryptionPolicy.DEFAULT)
                                .withLimits(
                                        SessionLimits.DEFAULT.withRates(
                                                ofTheSession ? rates : RateLimits.NONE, true)),
                        lab.host(2),
                        HttpCaller.over(network),
                        new Random(1));
        long start = System.nanoTime();
        complete(
                single(server.url("/content")),
                CONTENT,
                ofTheSession ? QUICK : QUICK.withRates(rates));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void a_web_seed_that_waits_for_its_rate_stops_at_once() throws Exception {
        var crawl = new RateLimits(RateLimits.LEAST, 0);
        session.close();
        session =
                Session.open(
                        SessionSettings.of(lab.socket(2), EncryptionPolicy.DEFAULT)
                                .withLimits(SessionLimits.DEFAULT.withRates(crawl, true)),
                        lab.host(2),
                        HttpCaller.over(network),
                        new Random(1));
        Torrent torrent =
                session.add(single(server.url("/content")), new MemoryStore(CONTENT.length), QUICK);
        Wait.until(() -> torrent.snapshot().downloadedBytes() > 0);
        assertThat(torrent.stop().get().isComplete()).as("it would take minutes").isFalse();
    }

    private static WebSeedSnapshot row(Torrent torrent, int number) {
        return torrent.snapshot().webSeeds().get(number);
    }

    @Test
    void a_disk_without_room_halts_the_torrent_until_there_is_room_again() {
        var store = new CountingStore(new byte[CONTENT.length]);
        store.writeFails = "no space left on the thistle";
        Torrent torrent = session.add(single(server.url("/content")), store, QUICK);
        Wait.until(() -> torrent.snapshot().state() == State.HALTED);
        assertThat(torrent.snapshot().error().orElseThrow())
                .startsWith("writing piece ")
                .endsWith("no space left on the thistle");
        Wait.until(() -> !row(torrent, 0).isFetching());
        assertThat(row(torrent, 0).trouble()).as("it is no fault of the server's").isEmpty();

        store.writeFails = null;
        torrent.retry();
        torrent.completed().join();

        assertThat(store.content()).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/content", "/"})
    void a_file_is_fetched_from_its_own_address_or_its_folder(String path) {
        Torrent torrent = complete(single(server.url(path)), CONTENT);
        Wait.until(() -> row(torrent, 0).downloadedBytes() == CONTENT.length);
        assertThat(torrent.snapshot().downloadedBytes()).isEqualTo(CONTENT.length);
        assertThat(row(torrent, 0).trouble()).isEmpty();
        assertThat(server.requests).allMatch(request -> request.startsWith("/content bytes="));
        assertThat(server.requests).as("pieces are asked for together").hasSizeLessThan(10);
    }

    @Test
    void pieces_that_span_files_are_put_together_from_all_of_them() {
        int[] lengths = {40_000, 0, 10, 70_000, CONTENT.length - 110_010};
        int at = 0;
        for (int file = 0; file < lengths.length; file++) {
            byte[] part = Arrays.copyOfRange(CONTENT, at, at + lengths[file]);
            server.file("/data/a%20folder%20%26%20more/file-" + file, part);
            at += lengths[file];
        }
        Metainfo metainfo =
                Torrents.ofFolder("a folder & more", CONTENT, PIECE, lengths, server.url("/data"));
        complete(metainfo, CONTENT);
        assertThat(server.requests)
                .as("nobody asks for nothing")
                .noneMatch(request -> request.contains("file-1 "));
    }

    @Test
    void what_came_before_a_cut_is_kept_and_the_rest_is_asked_for_again() {
        server.behave((exchange, request) -> {
            if (request == 0) {
                exchange.getResponseHeaders().add("Content-Range", range(exchange));
                exchange.sendResponseHeaders(206, lengthOf(exchange));
                int from = fromOf(exchange);
                exchange.getResponseBody().write(CONTENT, from, 20_000); // and hangs up
                exchange.getResponseBody().flush();
                throw new IOException("cut");
            }
            return false;
        });
        Torrent torrent = complete(single(server.url("/content")), CONTENT);
        Wait.until(() -> row(torrent, 0).downloadedBytes() == CONTENT.length);
        assertThat(torrent.snapshot().wastedBytes()).isZero();
        String first = server.requests.getFirst();
        int from = Integer.parseInt(first.replaceAll(".*bytes=(\\d+)-.*", "$1"));
        assertThat(server.requests.get(1))
                .startsWith("/content bytes=%d-".formatted(from + 16 * 1024));
    }

    private static int fromOf(HttpExchange exchange) {
        return Integer.parseInt(bounds(exchange)[0]);
    }

    private static int lengthOf(HttpExchange exchange) {
        return Integer.parseInt(bounds(exchange)[1]) - fromOf(exchange) + 1;
    }

    private static String[] bounds(HttpExchange exchange) {
        return exchange.getRequestHeaders().getFirst("Range").replace("bytes=", "").split("-", 2);
    }

    private static String range(HttpExchange exchange) {
        return "bytes %s-%s/%d".formatted(bounds(exchange)[0], bounds(exchange)[1], CONTENT.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503, 500, 408})
    void a_server_that_is_busy_is_asked_again_later(int status) {
        server.behave((exchange, request) -> {
            if (request < 3) {
                exchange.getResponseHeaders().add("Retry-After", "0");
                exchange.sendResponseHeaders(status, -1);
                return true;
            }
            return false;
        });
        complete(single(server.url("/content")), CONTENT);
        assertThat(server.requests).hasSizeGreaterThan(3);
    }

    @Test
    void a_server_that_says_when_to_come_back_is_left_alone_until_then() {
        server.behave((exchange, _) -> {
            exchange.getResponseHeaders().add("Retry-After", "3600");
            exchange.sendResponseHeaders(503, -1);
            return true;
        });
        Torrent torrent =
                session.add(single(server.url("/content")), new MemoryStore(CONTENT.length), QUICK);
        Wait.until(() ->
                torrent.snapshot().webSeeds().stream()
                        .anyMatch(row -> row.trouble().isPresent() && !row.isFetching()));
        assertThat(row(torrent, 0).trouble()).contains("HTTP status 503: it is busy");
        assertThat(row(torrent, 0).isOver()).isFalse();
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void a_server_without_the_file_is_not_asked_again_and_another_is() throws Exception {
        try (var other = new WebSeedStub().file("/content", CONTENT)) {
            server.behave((exchange, _) -> {
                exchange.sendResponseHeaders(404, -1);
                return true;
            });
            Torrent torrent =
                    complete(single(server.url("/content"), other.url("/content")), CONTENT);
            Wait.until(() -> row(torrent, 0).isOver());
            assertThat(row(torrent, 0).trouble()).contains("HTTP status 404 for a file");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void a_server_that_lacks_one_file_still_gives_the_others() throws Exception {
        int[] lengths = {4 * PIECE, CONTENT.length - 4 * PIECE};
        server.file("/t/file-1", Arrays.copyOfRange(CONTENT, lengths[0], CONTENT.length));
        Metainfo metainfo = Torrents.ofFolder("t", CONTENT, PIECE, lengths, server.url("/"));
        Torrent torrent = session.add(metainfo, new MemoryStore(CONTENT.length), QUICK);
        Wait.until(() -> torrent.snapshot().verifiedBytes() == lengths[1]);
        assertThat(row(torrent, 0).isOver()).isFalse();
        assertThat(server.requests.stream().filter(r -> r.contains("file-0"))).hasSize(1);
    }

    @Test
    void a_bad_piece_ends_a_web_seed_for_good() throws Exception {
        byte[] bad = CONTENT.clone();
        bad[3 * PIECE + 7]++;
        server.file("/content", bad);
        try (var other = new WebSeedStub().file("/content", CONTENT)) {
            var alone =
                    QUICK.withWebSeeds(
                            new WebSeedSettings(1, Duration.ofSeconds(20), Duration.ofMillis(20)));
            Torrent torrent =
                    complete(single(server.url("/content"), other.url("/content")), CONTENT, alone);
            assertThat(row(torrent, 0).isOver()).isTrue();
            assertThat(row(torrent, 0).trouble()).contains("sent a bad piece 3");
            assertThat(torrent.snapshot().failedPieces()).isEqualTo(1);
            assertThat(row(torrent, 1).downloadedBytes()).isPositive();
        }
    }

    /// The server sends one bad block of a piece of two and then nothing for an hour; the peer
    /// sends the other, and then the whole piece again.
    @Test
    void a_web_seed_that_lied_in_a_piece_of_several_is_found_out_and_ended() throws Exception {
        byte[] content = Arrays.copyOf(CONTENT, 10 * PIECE);
        server.behave((exchange, request) -> {
            if (request == 0) {
                String range = range(exchange).replaceAll("/.*", "/" + content.length);
                exchange.getResponseHeaders().add("Content-Range", range);
                exchange.sendResponseHeaders(206, lengthOf(exchange));
                exchange.getResponseBody().write(new byte[16 * 1024]);
                exchange.getResponseBody().flush();
                throw new IOException("cut");
            }
            exchange.getResponseHeaders().add("Retry-After", "3600");
            exchange.sendResponseHeaders(503, -1);
            return true;
        });
        Metainfo metainfo = Torrents.of("content", content, PIECE, server.url("/content"));
        var store = new MemoryStore(content.length);
        Torrent torrent =
                session.add(
                        metainfo,
                        store,
                        Lab.QUICK_BUT_BEARS_SILENCE.withWebSeeds(QUICK.webSeeds()));
        Wait.until(() ->
                torrent.snapshot().webSeeds().stream().anyMatch(row -> row.trouble().isPresent()));
        int bad = Integer.parseInt(server.requests.getFirst().replaceAll(".*=(\\d+)-.*", "$1"));
        try (RawPeer honest = RawPeer.call(lab.host(2), lab.socket(1), metainfo.infoHash())) {
            honest.say(new PeerMessage.HaveAll(), new PeerMessage.Unchoke());
            Thread.ofVirtual().start(() -> honest.giveAll(content, PIECE));

            torrent.completed().copy().get(50, TimeUnit.SECONDS);
        }
        assertThat(held(store, content.length)).isEqualTo(content);
        Wait.until(() -> row(torrent, 0).isOver());
        assertThat(row(torrent, 0).trouble()).contains("sent bad blocks of piece " + bad / PIECE);
        assertThat(torrent.snapshot().failedPieces()).isEqualTo(1);
        assertThat(session.bans()).isEmpty();
    }

    @Test
    void a_server_that_gives_whole_files_is_put_up_with() {
        server.behave((exchange, _) -> server.giveWhole(exchange));
        complete(single(server.url("/content")), CONTENT);
    }

    @Test
    void redirects_are_followed_and_remembered() {
        server.behave((exchange, _) -> {
            if (exchange.getRequestURI().getPath().equals("/moved")) {
                exchange.getResponseHeaders().add("Location", "/content");
                exchange.sendResponseHeaders(302, -1);
                return true;
            }
            return false;
        });
        complete(single(server.url("/moved")), CONTENT);
        assertThat(server.requests.stream().filter(r -> r.startsWith("/moved"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loop: more than the 5 redirects allowed",
                "nowhere: a redirect that leads nowhere",
                "ftp: its address is not one of http or https",
                "query: a query to a private network",
                "other range: another stretch than it was asked for",
                "other file: its file has 4711 bytes, the torrent's 332680",
                "other whole: its file has 3 bytes, the torrent's 332680",
                "403: HTTP status 403",
                "416: HTTP status 416",
            })
    void a_server_that_is_of_no_use_is_not_asked_again(String script) {
        String way = script.substring(0, script.indexOf(':'));
        server.behave((exchange, _) -> misbehave(exchange, way));
        Torrent torrent =
                session.add(single(server.url("/content")), new MemoryStore(CONTENT.length), QUICK);
        Wait.until(() -> torrent.snapshot().webSeeds().stream().anyMatch(WebSeedSnapshot::isOver));
        assertThat(row(torrent, 0).trouble()).contains(script.substring(script.indexOf(':') + 2));
        assertThat(torrent.snapshot().state()).isEqualTo(State.DOWNLOADING);
    }

    private static boolean misbehave(HttpExchange exchange, String way) throws IOException {
        var headers = exchange.getResponseHeaders();
        switch (way) {
            case "loop" -> headers.add("Location", "/content");
            case "ftp" -> headers.add("Location", "ftp://127.0.0.1/content");
            case "query" -> headers.add("Location", "/content?reboot=1");
            case "other range" -> headers.add("Content-Range", "bytes 1-2/" + CONTENT.length);
            case "other file" ->
                    headers.add(
                            "Content-Range", range(exchange).replace("" + CONTENT.length, "4711"));
            default -> {}
        }
        int status =
                switch (way) {
                    case "loop", "ftp", "query", "nowhere" -> 301;
                    case "other range", "other file" -> 206;
                    case "other whole" -> 200;
                    default -> Integer.parseInt(way);
                };
        exchange.sendResponseHeaders(status, status == 200 ? 3 : -1);
        if (status == 200) {
            exchange.getResponseBody().write(new byte[3]);
        }
        return true;
    }

    /// At 127.0.0.2 nobody listens.
    @Test
    void the_next_address_of_a_name_is_called_when_the_first_cannot_be_reached() throws Exception {
        var names =
                new Names(_ ->
                        List.of(
                                InetAddress.ofLiteral("127.0.0.2"),
                                InetAddress.ofLiteral("127.0.0.1")));
        session.close();
        session =
                Session.open(
                        SessionSettings.of(lab.socket(1), EncryptionPolicy.DEFAULT),
                        lab.host(1),
                        new HttpCaller(network, SSLContext.getDefault(), names),
                        new Random(1));
        complete(single(server.url("/content").replace("127.0.0.1", "seed.example")), CONTENT);
    }

    @Test
    void a_web_seed_in_a_private_network_is_not_called_where_that_is_refused() {
        Torrent torrent =
                session.add(
                        single(server.url("/content")),
                        new MemoryStore(CONTENT.length),
                        QUICK.withLocalTargets(LocalTargets.REFUSED));
        Wait.until(() ->
                torrent.snapshot().webSeeds().stream().anyMatch(row -> row.trouble().isPresent()));
        assertThat(row(torrent, 0).trouble())
                .contains("is in a private network, where this torrent may not call");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void none_is_used_where_none_is_wanted() throws Exception {
        Torrent torrent =
                session.add(
                        single(server.url("/content")),
                        new MemoryStore(CONTENT.length),
                        QUICK.withWebSeeds(
                                new WebSeedSettings(
                                        0, Duration.ofSeconds(1), Duration.ofSeconds(1))));
        Wait.until(() -> torrent.snapshot().state() == State.DOWNLOADING);
        assertThat(torrent.snapshot().webSeeds()).isEmpty();
        torrent.stop().join();
        assertThat(server.requests).isEmpty();
    }

    @Test
    void a_torrent_stops_while_a_server_keeps_it_waiting() {
        server.behave((exchange, _) -> {
            exchange.getResponseHeaders().add("Content-Range", range(exchange));
            exchange.sendResponseHeaders(206, lengthOf(exchange));
            exchange.getResponseBody().write(CONTENT, fromOf(exchange), 100);
            exchange.getResponseBody().flush();
            return Silence.keep();
        });
        Torrent torrent =
                session.add(single(server.url("/content")), new MemoryStore(CONTENT.length), QUICK);
        Wait.until(() -> !server.requests.isEmpty());
        assertThat(torrent.stop().join().state()).isEqualTo(State.STOPPED);
    }

    /// Until the server is closed.
    private static final class Silence {
        static boolean keep() throws IOException {
            try {
                Thread.currentThread().join();
            } catch (InterruptedException closed) {
                throw new IOException("closed", closed);
            }
            return true;
        }
    }
}
