package dev.thistle.protocol.tracker;

import static dev.thistle.protocol.tracker.Vectors.HELLO;
import static dev.thistle.protocol.tracker.Vectors.hex;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.protocol.InfoHash;
import dev.thistle.protocol.MalformedException;
import dev.thistle.protocol.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrackerCodecPropertyTest {

    static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_a_client_asks_is_what_a_tracker_reads(long seed) throws Exception {
        var random = new Random(seed);
        AnnounceRequest request = request(random);
        for (AnnounceForm form : AnnounceForm.values()) {
            var read = ReceivedAnnounce.parse(AnnounceQuery.encode(request, form));

            assertThat(read.port(request.infoHash())).isEqualTo(request.port());
            assertThat(read.peerId()).isEqualTo(request.peerId());
            assertThat(read.event()).isEqualTo(request.event());
            assertThat(read.progress())
                    .isEqualTo(
                            new ReceivedAnnounce.Progress(
                                    request.uploaded(), request.downloaded(), request.left()));
            assertThat(read.wishes().numWant()).isEqualTo(request.numWant());
            assertThat(read.torrent())
                    .isEqualTo(
                            switch (form) {
                                case CLEAR -> new TorrentName.Open(request.infoHash());
                                case OBFUSCATED ->
                                        new TorrentName.Hidden(ShaIh.of(request.infoHash()));
                            });
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mutated_queries_never_throw_anything_but_malformed(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            var form = random.nextBoolean() ? AnnounceForm.CLEAR : AnnounceForm.OBFUSCATED;
            var text = new StringBuilder(AnnounceQuery.encode(request(random), form));
            for (int k = random.nextInt(8); k > 0; k--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, (char) random.nextInt(0x120));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, "&;?=%+\u00ff\ufffd".charAt(random.nextInt(8)));
                }
            }
            try {
                var read = ReceivedAnnounce.parse(text.toString());
                assertThat(read.port(HELLO)).isBetween(0, 0xFFFF);
                read.statedIp(HELLO);
            } catch (MalformedException expected) {
                assertThat(expected.getMessage()).doesNotContain("\n");
            }
            try {
                assertThat(ReceivedScrape.parse(text.toString()).torrents()).isNotEmpty();
            } catch (MalformedException expected) {
                assertThat(expected.getMessage()).doesNotContain("\n");
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mutated_answers_never_throw_anything_but_malformed(long seed) {
        var random = new Random(seed);
        var bodies = new ArrayList<byte[]>();
        Vectors.read("bep8.json")
                .get("responses")
                .forEach(vector -> bodies.add(hex(vector.get("response_bencoded").asString())));
        bodies.add(
                "d14:failure reason1:x8:retry in1:5e5:peersld2:ip3:::14:porti1eee"
                        .getBytes(ISO_8859_1));
        bodies.add("d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei1eeee".getBytes(ISO_8859_1));
        for (byte[] body : bodies) {
            for (int k = 1 + random.nextInt(4); k > 0; k--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            for (AnnounceForm form : AnnounceForm.values()) {
                try {
                    AnnounceAnswerReader.read(
                            ByteBuffer.wrap(body), Vectors.request(), form, Reach.INTERNET);
                } catch (MalformedException expected) {
                    assertThat(expected.getMessage()).isNotEmpty();
                }
                try {
                    ScrapeExchange.read(ByteBuffer.wrap(body), List.of(HELLO), form);
                } catch (MalformedException expected) {
                    assertThat(expected.getMessage()).isNotEmpty();
                }
            }
        }
    }

    private static AnnounceRequest request(Random random) {
        byte[] hash = new byte[20];
        random.nextBytes(hash);
        byte[] id = new byte[20];
        random.nextBytes(id);
        return new AnnounceRequest(
                InfoHash.of(hash),
                PeerId.of(id),
                1 + random.nextInt(65_535),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                List.of(AnnounceEvent.values()).get(random.nextInt(5)),
                random.nextInt(300) - 1,
                random.nextInt(),
                List.of(CryptoLevel.values()).get(random.nextInt(3)),
                null);
    }
}
