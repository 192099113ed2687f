package dev.thistle.isp.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Conversation;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Packets;
import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceForm;
import dev.thistle.protocol.tracker.AnnounceQuery;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// D-S3, D-S9, D-T1 and D-T4 over the same conversations: what one of them sees is the others' near
/// miss.
class TrackerDetectorsTest {

    private static final InfoHash HELLO =
            InfoHash.ofHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");

    private static final String PEERS = "d8:intervali1800e5:peers12:";

    private final Conversation talk = new Conversation("10.64.0.1", 40_000, "10.128.0.2", 80);
    private final Watched signature = new Watched(new TrackerSignature());
    private final Watched marker = new Watched(new ObfuscationMarker());
    private final Watched snoop = new Watched(new TrackerSnoop());
    private final Watched dictionary = new Watched(new HashDictionary(Set.of(HELLO)));
    private final Watched stranger =
            new Watched(
                    new HashDictionary(
                            Set.of(InfoHash.ofHex("bde2228f6932a1b4319416dd8e877f850a513adc"))));

    private void see(List<Packet> packets) {
        Stream.of(signature, marker, snoop, dictionary, stranger)
                .forEach(each -> each.see(packets));
    }

    private static byte[] announce(AnnounceForm form, int port, AnnounceEvent event) {
        var request =
                new AnnounceRequest(
                        HELLO,
                        PeerId.of(Watched.latin("-TH0100-abcdefghijkl")),
                        port,
                        0,
                        0,
                        1,
                        event,
                        50,
                        7,
                        CryptoLevel.SUPPORTED,
                        null);
        return get("/announce?" + AnnounceQuery.encode(request, form));
    }

    private static byte[] announce(AnnounceForm form) {
        return announce(form, 51_413, AnnounceEvent.STARTED);
    }

    private static byte[] get(String target) {
        return Watched.latin("GET %s HTTP/1.1\r\nHost: tracker\r\n\r\n".formatted(target));
    }

    private static byte[] clearAnswer() {
        return join(Watched.latin(PEERS), HexFormat.of().parseHex("c63364011ae10a40000cc8d5"), "e");
    }

    private static byte[] join(byte[] one, byte[] two, String end) {
        return ByteBuffer.allocate(one.length + two.length + end.length())
                .put(one)
                .put(two)
                .put(Watched.latin(end))
                .array();
    }

    private static byte[] ok(byte[] body) {
        return join(
                Watched.latin(
                        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(body.length)),
                body,
                "");
    }

    static Stream<byte[]> realRequests() {
        return Vectors.trackerRequests();
    }

    @ParameterizedTest
    @MethodSource("realRequests")
    void real_requests_are_known_by_their_info_hash(byte[] request) {
        see(talk.open());
        see(talk.say(request));

        assertThat(signature.verdicts)
                .singleElement()
                .satisfies(verdict ->
                        assertThat(verdict.evidence())
                                .contains("bde2228f6932a1b4319416dd8e877f850a513adc"));
        assertThat(marker.verdicts).isEmpty();
        assertThat(dictionary.verdicts).isEmpty();
        assertThat(stranger.verdicts).isEmpty();
    }

    @Test
    void real_clients_announce_themselves() {
        int port = 41_000;
        for (byte[] request : Vectors.trackerRequests().toList()) {
            var one = new Conversation("10.64.0.1", port++, "10.128.0.2", 80);
            see(one.open());
            see(one.say(request));
        }
        var announced = new TreeSet<String>();
        for (byte[] request : Vectors.trackerRequests().toList()) {
            String text = new String(request, StandardCharsets.ISO_8859_1);
            int at = text.indexOf("&port=");
            if (at > 0 && !text.contains("event=stopped")) {
                announced.add("10.64.0.1:" + text.substring(at + 6, text.indexOf('&', at + 6)));
            }
        }
        assertThat(announced).isNotEmpty();
        assertThat(snoop.endpoints()).isEqualTo(announced);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 100, 1448})
    void a_clear_answer_gives_its_endpoints_once_however_it_is_cut(int segmentBytes) {
        see(talk.open());
        see(talk.say(announce(AnnounceForm.CLEAR), segmentBytes));
        see(talk.answer(ok(clearAnswer()), segmentBytes));

        assertThat(snoop.endpoints())
                .containsExactlyInAnyOrder(
                        "10.64.0.1:51413", "198.51.100.1:6881", "10.64.0.12:51413");
        assertThat(snoop.verdicts).hasSize(3);
        assertThat(snoop.verdicts.getLast().evidence())
                .contains("10.128.0.2:80", "10.64.0.1", HELLO.toString());
        assertThat(signature.verdicts).hasSize(1);
    }

    static Stream<byte[]> wrappings() throws IOException {
        byte[] body = clearAnswer();
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(body);
        }
        byte[] chunks =
                join(
                        join(Watched.latin("5;x=y\r\n"), Arrays.copyOf(body, 5), "\r\n"),
                        join(
                                Watched.latin("%x\r\n".formatted(body.length - 5)),
                                Arrays.copyOfRange(body, 5, body.length),
                                "\r\n0\r\n\r\n"),
                        "");
        return Stream.of(
                join(
                        Watched.latin("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
                        body,
                        ""),
                join(
                        Watched.latin("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n"),
                        chunks,
                        ""),
                join(
                        Watched.latin(
                                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
                                        .formatted(zipped.size())),
                        zipped.toByteArray(),
                        ""),
                join(Watched.latin("HTTP/1.1 100 Continue\r\n\r\n"), ok(body), ""));
    }

    @ParameterizedTest
    @MethodSource("wrappings")
    void the_body_may_be_wrapped_in_every_way_that_servers_know(byte[] answer) {
        see(talk.open());
        see(talk.say(announce(AnnounceForm.CLEAR)));
        see(talk.answer(answer, 17));
        assertThat(snoop.verdicts).hasSize(3);
    }

    @Test
    void the_list_form_and_ipv6_are_read_too() {
        see(talk.open());
        see(talk.say(announce(AnnounceForm.CLEAR)));
        String list =
                "d8:intervali900e5:peersld2:ip11:203.0.113.94:porti7000eed2:ip4:home4:porti1eee";
        byte[] six = HexFormat.of().parseHex("20010db80000000000000000000000011b58");
        see(talk.answer(ok(join(Watched.latin(list + "6:peers618:"), six, "e"))));
        assertThat(snoop.endpoints())
                .contains("203.0.113.9:7000", "[2001:db8:0:0:0:0:0:1]:7000")
                .hasSize(3);
    }

    @Test
    void every_answer_of_a_connection_that_is_kept_alive_counts() {
        see(talk.open());
        for (int k = 0; k < 3; k++) {
            see(talk.say(k == 1 ? get("/index.html") : announce(AnnounceForm.CLEAR)));
            byte[] peers =
                    HexFormat.of().parseHex("c6336401%04xc6336402%04x".formatted(k + 1, k + 1));
            see(talk.answer(ok(join(Watched.latin(PEERS), peers, "e"))));
        }
        assertThat(snoop.endpoints())
                .containsExactlyInAnyOrder(
                        "10.64.0.1:51413",
                        "198.51.100.1:1",
                        "198.51.100.2:1",
                        "198.51.100.1:3",
                        "198.51.100.2:3");
    }

    @Test
    void a_verdict_is_not_repeated_until_half_of_its_life_is_over() {
        long life = TrackerSnoop.LIFE.toNanos();
        int port = 42_000;
        for (long start : new long[] {0, life / 4, life * 5 / 8}) {
            var one = new Conversation("10.64.0.1", port++, "10.128.0.2", 80).at(start);
            snoop.see(one.open());
            snoop.see(one.say(announce(AnnounceForm.CLEAR)));
        }
        assertThat(snoop.verdicts).hasSize(2);
        assertThat(snoop.verdicts.getLast().subject())
                .isInstanceOfSatisfying(
                        Subject.OfEndpoint.class,
                        tagged ->
                                assertThat(
                                                Duration.ofNanos(
                                                        tagged.untilNanos()
                                                                - snoop.verdicts.getLast().nanos()))
                                        .isEqualTo(TrackerSnoop.LIFE));
    }

    @Test
    void who_leaves_or_takes_no_calls_is_no_endpoint() {
        see(talk.open());
        see(talk.say(announce(AnnounceForm.CLEAR, 51_413, AnnounceEvent.STOPPED)));
        see(talk.say(announce(AnnounceForm.CLEAR, 0, AnnounceEvent.NONE)));
        assertThat(snoop.verdicts).isEmpty();
        assertThat(signature.verdicts).hasSize(1);
    }

    static Stream<JsonNode> hiddenAnswers() {
        return Vectors.read("bep8.json").get("responses").valueStream();
    }

    @ParameterizedTest
    @MethodSource("hiddenAnswers")
    void a_hidden_answer_shows_its_mark_and_its_endpoints_only_to_who_knows_the_torrent(
            JsonNode vector) {
        see(talk.open());
        see(talk.say(announce(AnnounceForm.OBFUSCATED)));
        see(talk.answer(ok(Vectors.hex(vector.get("response_bencoded")))));

        assertThat(signature.verdicts).isEmpty();
        assertThat(snoop.verdicts).isEmpty();
        assertThat(stranger.verdicts).isEmpty();
        assertThat(marker.verdicts).hasSize(1);
        assertThat(dictionary.endpoints()).contains("10.64.0.1:51413").containsAll(plain(vector));
        assertThat(dictionary.verdicts).hasSize(1 + plain(vector).size());
    }

    private static Set<String> plain(JsonNode vector) {
        var endpoints = new TreeSet<String>();
        for (String key : new String[] {"peers_returned_plain", "peers6_returned_plain"}) {
            int bytes = key.startsWith("peers6") ? 18 : 6;
            if (vector.has(key)) {
                var in = ByteBuffer.wrap(Vectors.hex(vector.get(key)));
                while (in.hasRemaining()) {
                    byte[] ip = new byte[bytes - 2];
                    in.get(ip);
                    var address = Address.of(ip);
                    endpoints.add(
                            new Endpoint(address, Short.toUnsignedInt(in.getShort())).toString());
                }
            }
        }
        return endpoints;
    }

    @ParameterizedTest
    @MethodSource("hiddenAnswers")
    void nothing_is_made_of_hidden_bytes_even_if_the_request_went_unseen(JsonNode vector) {
        talk.open();
        talk.say(announce(AnnounceForm.OBFUSCATED)); // unseen
        see(talk.answer(ok(Vectors.hex(vector.get("response_bencoded")))));
        see(talk.say(announce(AnnounceForm.CLEAR)));

        assertThat(snoop.verdicts).isEmpty();
        boolean isMarked = !vector.get("iv").isNull() || vector.has("i_wire");
        assertThat(marker.verdicts).hasSize(isMarked ? 1 : 0);
    }

    @Test
    void near_misses_are_left_alone() {
        byte[] short19 = get("/announce?info_hash=" + "a".repeat(19) + "&port=1");
        byte[] hex40 = get("/announce?info_hash=" + HELLO + "&port=1");
        byte[] noTracker = get("/list?info_hash=" + "a".repeat(20));
        byte[] otherName = get("/announce?xinfo_hash=" + "a".repeat(20) + "&my_sha_ih=b");
        byte[] shaShort = get("/announce?sha_ih=" + "a".repeat(21) + "&port=5");
        int port = 43_000;
        for (byte[] request : new byte[][] {short19, hex40, noTracker, otherName, shaShort}) {
            var one = new Conversation("10.64.0.1", port++, "10.128.0.2", 80);
            see(one.open());
            see(one.say(request));
            see(one.answer(ok(Watched.latin("d1:ai1e5:peersi3e1:ii5ee"))));
        }
        Stream.of(signature, marker, snoop, dictionary, stranger)
                .forEach(each -> assertThat(each.verdicts).isEmpty());
    }

    @Test
    void an_answer_alone_is_a_sign_but_no_source_of_endpoints() {
        talk.open();
        see(talk.answer(ok(clearAnswer())));
        assertThat(signature.verdicts)
                .singleElement()
                .satisfies(verdict -> assertThat(verdict.evidence()).contains("bencoded answer"));
        assertThat(snoop.verdicts).isEmpty();
    }

    @Test
    void one_of_i_and_n_is_no_mark() {
        see(talk.open());
        see(talk.say(get("/announce?what=ever")));
        see(talk.answer(ok(Watched.latin("d1:ii5e8:intervali9e5:peers0:e"))));
        assertThat(marker.verdicts).isEmpty();
        assertThat(signature.verdicts).hasSize(1);
    }

    @Test
    void a_marked_answer_to_a_clear_announce_is_not_believed() {
        see(talk.open());
        see(talk.say(announce(AnnounceForm.CLEAR)));
        byte[] peers = HexFormat.of().parseHex("c63364011ae1");
        see(talk.answer(ok(join(Watched.latin("d8:intervali9e2:iv1:x5:peers6:"), peers, "e"))));
        assertThat(snoop.endpoints()).containsExactly("10.64.0.1:51413");
    }

    @Test
    void an_endpoint_verdict_covers_later_flows_to_it_until_it_expires() {
        snoop.see(talk.open()).see(talk.say(announce(AnnounceForm.CLEAR)));
        snoop.see(talk.answer(ok(clearAnswer())));
        long now = talk.nanos();
        var later = new Conversation("10.64.0.1", 44_000, "198.51.100.1", 6881).at(now);
        var flow = snoop.flow(later.open().getFirst());

        assertThat(snoop.inspection.covering(flow, now)).hasSize(1);
        assertThat(snoop.inspection.covering(flow, now + TrackerSnoop.LIFE.toNanos())).isEmpty();
        assertThat(snoop.inspection.covering(flow, now)).as("forgotten").isEmpty();
        var other = Packets.endpoint("198.51.100.1", 6882);
        assertThat(snoop.endpoints()).doesNotContain(other.toString());
    }
}
