package dev.thistle.isp.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.packet.Packet.Transport;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PacketTest {

    private static final Endpoint V4 = Packets.endpoint("10.64.0.1", 65_535);
    private static final Endpoint V4_TOO = Packets.endpoint("198.51.100.200", 1);
    private static final Endpoint V6 = Packets.endpoint("2001:db8::7", 80);
    private static final Endpoint V6_TOO = Packets.endpoint("fe80::1", 443);

    @Test
    void the_fields_of_a_tcp_packet_are_read() {
        byte[] ip =
                Packets.tcpBytes(V4, V4_TOO, Packet.SYN | Packet.ACK, -5, 17, new byte[] {1, 2, 3});
        Packet packet = Objects.requireNonNull(Packet.read(42, ByteBuffer.wrap(ip)));

        assertThat(packet).hasToString("TCP 10.64.0.1:65535 > 198.51.100.200:1, 3 bytes");
        assertThat(packet.nanos()).isEqualTo(42);
        assertThat(packet.isTcp()).isTrue();
        assertThat(packet.sequence()).isEqualTo(-5);
        assertThat(packet.acknowledged()).isEqualTo(17);
        assertThat(packet.has(Packet.SYN | Packet.ACK)).isTrue();
        assertThat(packet.has(Packet.SYN | Packet.FIN)).isFalse();
        assertThat(packet.window()).isEqualTo(512);
        assertThat(packet.ttl()).isEqualTo(64);
        assertThat(packet.ipBytes()).isEqualTo(43);
        assertThat(packet.payload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    @Test
    void datagrams_and_ipv6_are_read_wherever_they_begin() {
        byte[] ip = Packets.udpBytes(V6, V6_TOO, new byte[9]);
        ByteBuffer shifted = ByteBuffer.allocate(14 + ip.length + 5).put(new byte[14]).put(ip);
        Packet packet = Objects.requireNonNull(Packet.read(0, shifted.position(14)));

        assertThat(packet.source()).isEqualTo(V6);
        assertThat(packet.target()).isEqualTo(V6_TOO);
        assertThat(packet.payloadBytes()).as("without what pads the frame").isEqualTo(9);
        assertThat(packet.has(0)).isFalse();
        assertThat(shifted.position()).isEqualTo(14);
    }

    @ParameterizedTest
    @CsvSource({
        "0,  0x55, version 5",
        "0,  0x44, header of 16 bytes",
        "0,  0x4f, header of 60 bytes",
        "3,  19,   shorter than its header",
        "3,  200,  longer than what is there",
        "6,  0x20, a fragment with more to come",
        "7,  1,    a later fragment",
        "9,  1,    ICMP",
        "32, 0x40, a TCP header of 16 bytes",
        "32, 0xf0, a TCP header of 60 bytes",
    })
    void what_is_no_whole_tcp_or_udp_packet_is_none(String at, String value, String why) {
        byte[] ip = Packets.tcpBytes(V4, V4_TOO, Packet.ACK, 1, 1, new byte[4]);
        assertThat(Packet.read(0, ByteBuffer.wrap(ip))).isNotNull();
        ip[Integer.parseInt(at)] = (byte) (int) Integer.decode(value);
        assertThat(Packet.read(0, ByteBuffer.wrap(ip))).as(why).isNull();
    }

    @ParameterizedTest
    @CsvSource({"TCP, 4, 40", "TCP, 6, 60", "UDP, 4, 28", "UDP, 6, 48"})
    void of_a_packet_whose_end_was_not_kept_the_counts_are_those_of_the_whole(
            Transport transport, int version, int headerBytes) {
        Endpoint from = version == 4 ? V4 : V6;
        Endpoint to = version == 4 ? V4_TOO : V6_TOO;
        byte[] ip =
                transport == Transport.TCP
                        ? Packets.tcpBytes(from, to, Packet.ACK, 7, 8, new byte[1400])
                        : Packets.udpBytes(from, to, new byte[1400]);

        for (int kept = 0; kept < ip.length; kept++) {
            ByteBuffer beginning = ByteBuffer.wrap(ip, 0, kept).slice();
            Packet packet = Packet.readBeginning(42, beginning);

            assertThat(Packet.read(42, beginning)).isNull();
            assertThat(packet == null).as("%d bytes", kept).isEqualTo(kept < headerBytes);
            if (packet != null) {
                assertThat(packet.payloadBytes()).isEqualTo(1400);
                assertThat(packet.ipBytes()).isEqualTo(ip.length);
                assertThat(packet.payload().remaining()).isEqualTo(kept - headerBytes);
                assertThat(packet.target()).isEqualTo(to);
            }
        }
        ByteBuffer whole = ByteBuffer.wrap(ip);
        assertThat(Packet.readBeginning(42, whole))
                .hasToString(String.valueOf(Packet.read(42, whole)));
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cut_or_flipped_bytes_are_read_or_refused_but_never_fail(long seed) {
        var random = new Random(seed);
        byte[] ip =
                random.nextBoolean()
                        ? Packets.tcpBytes(V6, V6_TOO, 2, 3, 4, new byte[random.nextInt(50)])
                        : Packets.udpBytes(V4, V4_TOO, new byte[random.nextInt(50)]);
        for (int k = 0; k <= ip.length; k++) {
            byte[] changed = ip.clone();
            changed[random.nextInt(ip.length)] ^= (byte) (1 << random.nextInt(8));
            Packet packet = Packet.read(0, ByteBuffer.wrap(changed, 0, k).slice());
            if (packet != null) {
                assertThat(packet.payloadBytes()).isLessThanOrEqualTo(k);
            }
            Packet beginning = Packet.readBeginning(0, ByteBuffer.wrap(changed, 0, k).slice());
            if (beginning != null) {
                assertThat(beginning.payload().remaining())
                        .isLessThanOrEqualTo(beginning.payloadBytes())
                        .isLessThanOrEqualTo(k);
            }
        }
    }
}
