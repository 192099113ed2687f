package dev.thistle.protocol.tracker.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.PeerAddress;
import dev.thistle.protocol.PeerId;
import dev.thistle.protocol.tracker.AnnounceEvent;
import dev.thistle.protocol.tracker.AnnounceRequest;
import dev.thistle.protocol.tracker.CryptoLevel;
import dev.thistle.protocol.tracker.SwarmCounts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class UdpTrackerCodecTest {

    private static final String CAPTURED = "bde2228f6932a1b4319416dd8e877f850a513adc";

    static Stream<Arguments> captures() throws IOException {
        var all = new ArrayList<Arguments>();
        try (var in =
                UdpTrackerCodecTest.class.getResourceAsStream("/vectors/tracker-captures.json")) {
            JsonNode udp = JsonMapper.shared().readTree(Objects.requireNonNull(in)).get("udp");
            for (var client : udp.properties()) {
                for (JsonNode each : client.getValue()) {
                    all.add(
                            Arguments.of(
                                    client.getKey(),
                                    each.get(0).asString(),
                                    each.get(2).asString()));
                }
            }
        }
        return all.stream();
    }

    /// What a real client and a fake tracker sent comes out of our encoder byte for byte.
    @ParameterizedTest
    @MethodSource("captures")
    void captured_datagrams_are_read_and_written_alike(String client, String from, String hex) {
        ByteBuffer out = ByteBuffer.allocate(UdpRequestCodec.MAX_BYTES);
        if (from.equals("client")) {
            UdpRequest request = UdpRequestCodec.decode(bytes(hex));
            assertThat(request).as(client).isNotInstanceOf(UdpRequest.Malformed.class);
            UdpRequestCodec.encode(request, out);
        } else {
            UdpAnswer answer = UdpAnswerCodec.decode(bytes(hex), PeerAddress.V4_BYTES);
            assertThat(answer).as(client).isNotInstanceOf(UdpAnswer.Malformed.class);
            UdpAnswerCodec.encode(answer, out);
        }
        assertThat(HexFormat.of().formatHex(out.array(), 0, out.position())).isEqualTo(hex);
    }

    @Test
    void the_captured_announce_says_what_the_client_was_told_to_say() {
        String hex =
                "0123456789abcdef000000019c9166fabde2228f6932a1b4319416dd8e877f850a513adc2d4c5432303830"
                        + "2d4948697378344442376d456a00000000000000000000000000009c400000000000000000"
                        + "00000002000000009672a503000000c8b3ba020d2f616e6e6f756e63653f783d31";
        assertThat(UdpRequestCodec.decode(bytes(hex)))
                .isEqualTo(
                        new UdpRequest.Announce(
                                0x0123456789abcdefL,
                                0x9c9166fa,
                                new AnnounceRequest(
                                        InfoHash.ofHex(CAPTURED),
                                        PeerId.of(
                                                "-LT2080-IHisx4DB7mEj"
                                                        .getBytes(StandardCharsets.US_ASCII)),
                                        46010,
                                        0,
                                        0,
                                        40000,
                                        AnnounceEvent.STARTED,
                                        200,
                                        0x9672A503,
                                        CryptoLevel.NONE,
                                        null),
                                "/announce?x=1"));
    }

    @Test
    void the_captured_answers_say_what_the_tracker_meant() {
        assertThat(
                        UdpAnswerCodec.decode(
                                bytes("000000019c9166fa0000070800000001000000007f0000010009"),
                                PeerAddress.V4_BYTES))
                .isEqualTo(
                        new UdpAnswer.Announced(
                                0x9c9166fa,
                                1800,
                                1,
                                0,
                                List.of(PeerAddress.of(new byte[] {127, 0, 0, 1}, 9))));
        assertThat(
                        UdpAnswerCodec.decode(
                                bytes("000000028515a481000000010000000500000000"),
                                PeerAddress.V4_BYTES))
                .isEqualTo(
                        new UdpAnswer.Scraped(0x8515a481, List.of(new SwarmCounts(1, 0, 5, -1))));
    }

    @Test
    void over_ipv6_an_entry_has_eighteen_bytes_and_a_part_of_one_is_passed_over() {
        String entry = "20010db8000000000000000000000001" + "1ae1";
        var answer =
                UdpAnswerCodec.decode(
                        bytes(
                                "00000001"
                                        + "00000007"
                                        + "000007080000000100000002"
                                        + entry
                                        + "2001"),
                        PeerAddress.V6_BYTES);
        assertThat(answer)
                .isEqualTo(
                        new UdpAnswer.Announced(
                                7,
                                1800,
                                1,
                                2,
                                List.of(
                                        PeerAddress.of(
                                                HexFormat.of().parseHex(entry.substring(0, 32)),
                                                6881))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                       | /a",
                "00                     | /a",
                "0000000203797979       | /a",
                "01010101               | /a",
                "0203585858             | /aXXX",
                "0203585858025959       | /aXXX",
                "0701ff0203585858       | /aXXX",
                "02ff58                 | /a",
                "02                     | /a",
            })
    void options_behind_an_announce_are_read_as_far_as_they_can_be(String options, String urlData) {
        ByteBuffer out = ByteBuffer.allocate(UdpRequestCodec.MAX_BYTES);
        UdpRequestCodec.encode(new UdpRequest.Announce(1, 2, request(3), "/a"), out);
        out.put(options == null ? new byte[0] : HexFormat.of().parseHex(options));
        assertThat(UdpRequestCodec.decode(out.flip()))
                .isEqualTo(new UdpRequest.Announce(1, 2, request(3), urlData));
    }

    @Test
    void a_long_path_is_cut_into_options_and_put_together_again() {
        String path = "/" + "p".repeat(2047);
        ByteBuffer out = ByteBuffer.allocate(UdpRequestCodec.MAX_BYTES);
        UdpRequestCodec.encode(new UdpRequest.Announce(1, 2, request(3), path), out);
        assertThat(out.position()).as("2048 bytes in nine options").isEqualTo(98 + 2048 + 9 * 2);
        assertThat(UdpRequestCodec.decode(out.flip()))
                .isEqualTo(new UdpRequest.Announce(1, 2, request(3), path));
        assertThatThrownBy(() ->
                        UdpRequestCodec.encode(
                                new UdpRequest.Announce(1, 2, request(3), path + "x"),
                                ByteBuffer.allocate(4096)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void counters_that_a_client_does_not_know_are_as_large_as_can_be() {
        ByteBuffer out = ByteBuffer.allocate(UdpRequestCodec.MAX_BYTES);
        UdpRequestCodec.encode(new UdpRequest.Announce(1, 2, request(3), ""), out);
        out.putLong(64, -1); // left
        out.putInt(80, 77); // event
        out.putInt(92, -9); // wanted
        assertThat(UdpRequestCodec.decode(out.flip()))
                .isInstanceOfSatisfying(
                        UdpRequest.Announce.class,
                        announce -> {
                            assertThat(announce.request().left()).isEqualTo(Long.MAX_VALUE);
                            assertThat(announce.request().event()).isEqualTo(AnnounceEvent.NONE);
                            assertThat(announce.request().numWant()).isEqualTo(-1);
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0000041727101980000000000000             | request: 14 bytes, allowed from 16",
                "00000417271019810000000000000001         | connect without the protocol's number",
                "00000000000000010000000100000002aabb     | announce: 2 bytes, allowed from 82",
                "00000000000000010000000200000002aabb     | scrape of 0 torrents, allowed 1..74",
                "00000000000000010000000300000002         | request.action: 3, allowed 0..2",
            })
    void what_is_no_request_says_why(String hex, String reason) {
        assertThat(UdpRequestCodec.decode(bytes(hex))).isEqualTo(new UdpRequest.Malformed(reason));
    }

    @Test
    void a_scrape_of_more_torrents_than_allowed_is_none() {
        ByteBuffer out = ByteBuffer.allocate(4096);
        out.putLong(1).putInt(2).putInt(3);
        out.put(new byte[75 * 20]);
        assertThat(UdpRequestCodec.decode(out.flip()))
                .isEqualTo(new UdpRequest.Malformed("scrape of 75 torrents, allowed 1..74"));
    }

    @Test
    void a_refusal_is_one_line_for_people() {
        var refused = new UdpAnswer.Refused(5, "not\u001b[31m here\r\n\0 today");
        ByteBuffer out = ByteBuffer.allocate(100);
        UdpAnswerCodec.encode(refused, out);
        assertThat(UdpAnswerCodec.decode(out.flip(), 6))
                .isEqualTo(new UdpAnswer.Refused(5, "not [31m here  today"));
    }

    /// No datagram makes the decoders throw, and what they accept they write alike once more.
    @ParameterizedTest
    @MethodSource("seeds")
    void any_bytes_give_a_value(long seed) {
        var random = new Random(seed);
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        if (bytes.length >= 16) {
            ByteBuffer.wrap(bytes).putInt(8, random.nextInt(4)).putInt(0, random.nextInt(5));
        }
        UdpRequest request = UdpRequestCodec.decode(ByteBuffer.wrap(bytes));
        if (!(request instanceof UdpRequest.Malformed)) {
            ByteBuffer out = ByteBuffer.allocate(UdpRequestCodec.MAX_BYTES);
            UdpRequestCodec.encode(request, out);
            assertThat(UdpRequestCodec.decode(out.flip())).isEqualTo(request);
        }
        UdpAnswer answer =
                UdpAnswerCodec.decode(ByteBuffer.wrap(bytes), random.nextBoolean() ? 6 : 18);
        assertThat(answer).isNotNull();
    }

    static LongStream seeds() {
        return LongStream.range(0, 1_000);
    }

    private static AnnounceRequest request(int key) {
        return new AnnounceRequest(
                InfoHash.ofHex(CAPTURED),
                PeerId.of(new byte[20]),
                6881,
                1,
                2,
                3,
                AnnounceEvent.PAUSED,
                200,
                key,
                CryptoLevel.NONE,
                null);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
