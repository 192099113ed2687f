package dev.thistle.isp.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.box.ResetForge.Kind;
import dev.thistle.isp.box.ResetForge.Reset;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResetForgeTest {

    private final ResetForge forge = new ResetForge(ResetForge.LAB);

    private static ByteBuffer link() {
        return ByteBuffer.wrap(Segments.LINK);
    }

    private ByteBuffer written(Reset reset) {
        ByteBuffer frame = ByteBuffer.allocate(ResetForge.FRAME_BYTES);
        forge.write(reset, link(), frame);
        return frame;
    }

    @Test
    void a_reset_is_what_was_worked_out_by_hand() {
        var reset =
                new Reset(
                        Segments.endpoint("10.64.0.1", 6881),
                        Segments.endpoint("10.128.0.2", 50000),
                        0x01020304,
                        0,
                        Kind.PLAIN,
                        64);
        // IP: 4500+0028+4000+4006+0a40+0001+0a80+0002 = d9f1, complement 260e. TCP: pseudo header
        // 0a40+0001+0a80+0002+0006+0014, 1ae1+c350+0102+0304+5004 = 14718, folded 4719, b8e6
        assertThat(HexFormat.of().formatHex(written(reset).array()))
                .isEqualTo(
                        "020000000001020000000001"
                                + "0800"
                                + "45000028000040004006260e0a4000010a800002"
                                + "1ae1c350010203040000000050040000"
                                + "b8e60000");
    }

    /// RFC 1071 the other way round: with its checksum in it, every part sums up to all ones.
    @Test
    void checksums_hold_for_any_ports_and_numbers() {
        var random = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            var reset =
                    new Reset(
                            new Endpoint(
                                    Segments.endpoint("10.64.3.1", 0).address(),
                                    random.nextInt(65536)),
                            new Endpoint(
                                    Segments.endpoint("10.128.255.9", 0).address(),
                                    random.nextInt(65536)),
                            random.nextInt(),
                            random.nextInt(),
                            random.nextBoolean() ? Kind.PLAIN : Kind.ACKNOWLEDGING,
                            1 + random.nextInt(255));
            byte[] frame = written(reset).array();

            assertThat(onesSum(frame, 14, 34, 0)).isEqualTo(0xFFFF);
            long pseudo = onesSum(frame, 26, 34, 6 + 20);
            assertThat(onesSum(frame, 34, 54, pseudo)).isEqualTo(0xFFFF);
        }
    }

    private static long onesSum(byte[] bytes, int from, int to, long start) {
        long sum = start;
        for (int i = from; i < to; i++) {
            sum += (bytes[i] & 0xFFL) << ((i - from) % 2 == 0 ? 8 : 0);
        }
        while (sum > 0xFFFF) {
            sum = sum % 0x10000 + sum / 0x10000;
        }
        return sum;
    }

    @Test
    void an_acknowledging_reset_says_what_it_has_seen() {
        Packet packet =
                Segments.packet(
                        written(
                                new Reset(
                                        BoxRig.ALICE, BoxRig.OLGA, 7, 9, Kind.ACKNOWLEDGING, 64)));

        assertThat(packet.has(Packet.RST | Packet.ACK)).isTrue();
        assertThat(packet.sequence()).isEqualTo(7);
        assertThat(packet.acknowledged()).isEqualTo(9);
        assertThat(packet.source()).isEqualTo(BoxRig.ALICE);
        assertThat(packet.target()).isEqualTo(BoxRig.OLGA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.65.0.1",
                "10.63.255.255",
                "10.129.0.0",
                "192.168.1.1",
                "8.8.8.8",
                "127.0.0.1",
                "0.0.0.0",
                "255.255.255.255"
            })
    void nothing_is_forged_to_or_from_an_address_that_is_not_of_the_lab(String address) {
        Endpoint stranger = Segments.endpoint(address, 80);
        ByteBuffer frame = ByteBuffer.allocate(ResetForge.FRAME_BYTES);

        assertThat(forge.permits(BoxRig.ALICE.address(), stranger.address())).isFalse();
        for (Reset reset :
                new Reset[] {
                    new Reset(BoxRig.ALICE, stranger, 1, 1, Kind.PLAIN, 64),
                    new Reset(stranger, BoxRig.ALICE, 1, 1, Kind.PLAIN, 64)
                }) {
            assertThatThrownBy(() -> forge.write(reset, link(), frame))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("allowed within [10.64.0.0/16, 10.128.0.0/16]");
        }
        assertThat(frame.array()).containsOnly(0);
    }
}
