package dev.thistle.isp.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.flow.Flow;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Packets;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DetectorCatalogTest {

    private final DetectorCatalog catalog =
            new DetectorCatalog(List.of(), Set.of(), ArticlePattern.Rule.DEFAULT);

    @Test
    void each_identifier_makes_the_detector_of_that_name() {
        assertThat(DetectorCatalog.ids())
                .contains("D-S1", "D-S3", "D-S9", "D-T1", "D-T4", "D-H1", "D-E1:paper")
                .allSatisfy(id -> assertThat(catalog.make(id).id()).isEqualTo(id));
        assertThat(catalog.all()).hasSize(9);
    }

    @Test
    void an_unknown_identifier_is_refused_with_what_is_allowed() {
        assertThatThrownBy(() -> catalog.make("D-E1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "detector 'D-E1', allowed D-S1, D-S3, D-S9, D-E1:paper, D-E1:ndpi,"
                                + " D-E1:opengfw, D-H1, D-T1, D-T4");
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /// Few endpoints, so that flows meet; payloads that begin like what detectors look for.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(20)
    void no_packet_makes_a_detector_fail(long seed) {
        var random = new Random(seed);
        var inspection = new Inspection(catalog.all(), _ -> {}, (Flow _) -> {});
        for (int k = 0; k < 300; k++) {
            var from = Packets.endpoint("10.64.0." + random.nextInt(3), 1000 + random.nextInt(2));
            var to = Packets.endpoint("10.128.0." + random.nextInt(3), 1000 + random.nextInt(2));
            boolean isBack = random.nextBoolean();
            byte[] payload = payload(random);
            int flags = random.nextInt(64);
            int sequence =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt();
                        case 1 -> random.nextInt(64) - 32;
                        case 2 -> Integer.MIN_VALUE + random.nextInt(2000);
                        default -> random.nextInt(4000);
                    };
            byte[] ip =
                    random.nextInt(5) == 0
                            ? Packets.udpBytes(isBack ? to : from, isBack ? from : to, payload)
                            : Packets.tcpBytes(
                                    isBack ? to : from,
                                    isBack ? from : to,
                                    flags,
                                    sequence,
                                    0,
                                    payload);
            for (int flips = random.nextInt(3); flips > 1; flips--) {
                ip[random.nextInt(ip.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Packet packet = Packet.read(k * 1_000_000L, ByteBuffer.wrap(ip));
            if (packet != null) {
                inspection.covering(inspection.observe(packet), packet.nanos());
            }
        }
        inspection.close();
    }

    private static byte[] payload(Random random) {
        String[] starts = {
            "",
            "GET /announce?info_hash=aaaaaaaaaaaaaaaaaaaa&port=5&peer_id=bbbbbbbbbbbbbbbbbbbb"
                    + " HTTP/1.1\r\n\r\n",
            "GET /announce?sha_ih=%aa%zz%",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nd",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nd5:peers",
            "d8:intervali5e5:peers600:",
            "\u0013BitTorrent protocol",
            "\r\n\r\n",
        };
        byte[] start = Watched.latin(starts[random.nextInt(starts.length)]);
        byte[] rest = new byte[random.nextInt(200)];
        random.nextBytes(rest);
        return ByteBuffer.allocate(start.length + rest.length).put(start).put(rest).array();
    }
}
