package dev.thistle.isp.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Packets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class CaptureTest {

    private static final Endpoint ONE = Packets.endpoint("10.64.0.1", 1000);
    private static final Endpoint TWO = Packets.endpoint("10.128.0.1", 80);
    private static final byte[] IP = Packets.tcpBytes(ONE, TWO, Packet.ACK, 5, 6, new byte[] {7});
    private static final long NANOS = 1_767_225_600_123_456_789L;

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static byte[] ethernet(byte[] ip) {
        return ByteBuffer.allocate(14 + ip.length)
                .put(new byte[12])
                .putShort((short) 0x0800)
                .put(ip)
                .array();
    }

    /// A classic file of one packet.
    private static byte[] pcap(ByteOrder order, int magic, int link, byte[] frame) {
        int unit = magic == PcapFormat.NANOS ? 1 : 1000;
        return ByteBuffer.allocate(40 + frame.length)
                .order(order)
                .putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(262_144)
                .putInt(link)
                .putInt((int) (NANOS / 1_000_000_000))
                .putInt((int) (NANOS % 1_000_000_000 / unit))
                .putInt(frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    private static byte[] written(int packets) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var writer = CaptureWriter.write(out, "isp")) {
            for (int k = 0; k < packets; k++) {
                writer.write(
                        NANOS + k, ByteBuffer.wrap(ethernet(IP)), k % 2 == 0 ? "" : "torrent Ω");
            }
        }
        return out.toByteArray();
    }

    private record Read(List<Packet> packets, List<Long> times, List<String> notes) {}

    private static Read read(byte[] file) throws IOException {
        var packets = new ArrayList<Packet>();
        var times = new ArrayList<Long>();
        try (var reader = CaptureReader.read(new ByteArrayInputStream(file))) {
            for (Captured next = reader.next(); next != null; next = reader.next()) {
                Packet packet = Packet.read(next.nanos(), next.ip());
                times.add(next.nanos());
                if (packet != null) {
                    packets.add(packet);
                }
            }
            return new Read(packets, times, reader.notes());
        }
    }

    @Test
    void a_classic_file_is_read_in_both_orders_and_both_fractions() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            assertThat(read(pcap(order, PcapFormat.NANOS, 1, ethernet(IP))).times())
                    .containsExactly(NANOS);
            Read micros = read(pcap(order, PcapFormat.MICROS, 1, ethernet(IP)));
            assertThat(micros.times()).containsExactly(NANOS / 1000 * 1000);
            assertThat(micros.packets())
                    .singleElement()
                    .satisfies(packet -> assertThat(packet.source()).isEqualTo(ONE));
            assertThat(micros.notes()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "1,   000000000000000000000000 0800,                    Ethernet",
        "1,   000000000000000000000000 8100 0005 0800,          one VLAN tag",
        "1,   000000000000000000000000 88a8 0005 8100 0006 0800, two VLAN tags",
        "113, 0000 0001 0006 0000000000000000 0800,             Linux cooked",
        "276, 0800 0000 00000002 0001 00 06 0000000000000000,   Linux cooked 2",
        "101, '',                                               raw IP",
        "12,  '',                                               raw IP of old",
        "228, '',                                               IPv4",
        "0,   02000000,                                         loopback of a little machine",
        "0,   00000002,                                         loopback of a big machine",
        "108, 00000002,                                         loopback of OpenBSD",
    })
    void ip_is_found_behind_every_link(int link, String before, String name) throws IOException {
        byte[] head = hex(before);
        byte[] frame = ByteBuffer.allocate(head.length + IP.length).put(head).put(IP).array();
        assertThat(read(pcap(ByteOrder.LITTLE_ENDIAN, PcapFormat.MICROS, link, frame)).packets())
                .singleElement()
                .satisfies(packet -> assertThat(packet.target()).isEqualTo(TWO));
        for (int k = 0; k < frame.length; k++) {
            byte[] cut = Arrays.copyOf(frame, k);
            assertThat(read(pcap(ByteOrder.LITTLE_ENDIAN, PcapFormat.MICROS, link, cut)).packets())
                    .isEmpty();
        }
    }

    @Test
    void frames_that_hold_no_ip_are_there_but_empty() throws IOException {
        byte[] arp = ethernet(IP);
        arp[13] = 6;
        Read read = read(pcap(ByteOrder.LITTLE_ENDIAN, PcapFormat.MICROS, 1, arp));
        assertThat(read.times()).hasSize(1);
        assertThat(read.packets()).isEmpty();
    }

    @Test
    void what_we_write_we_read() throws IOException {
        Read read = read(written(3));
        assertThat(read.times()).containsExactly(NANOS, NANOS + 1, NANOS + 2);
        assertThat(read.packets()).hasSize(3);
        assertThat(read.notes()).isEmpty();
    }

    @Test
    void a_frame_that_is_kept_in_part_is_read_with_the_counts_of_the_whole() throws IOException {
        byte[] frame = ethernet(Packets.tcpBytes(ONE, TWO, Packet.ACK, 5, 6, new byte[1000]));
        var out = new ByteArrayOutputStream();
        try (var writer = CaptureWriter.write(out, "isp")) {
            writer.write(NANOS, ByteBuffer.wrap(frame, 0, 94), frame.length, "headers");
            writer.write(NANOS, ByteBuffer.wrap(frame), frame.length, "");
        }

        try (var reader = CaptureReader.read(new ByteArrayInputStream(out.toByteArray()))) {
            for (int kept : new int[] {94, frame.length}) {
                Captured captured = Objects.requireNonNull(reader.next());
                assertThat(captured.isWhole()).isEqualTo(kept == frame.length);
                assertThat(captured.frameBytes()).isEqualTo(kept);
                Packet packet =
                        Objects.requireNonNull(
                                Packet.readBeginning(captured.nanos(), captured.ip()));
                assertThat(packet.payloadBytes()).isEqualTo(1000);
                assertThat(packet.payload().remaining()).isEqualTo(kept - 54);
            }
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void tcpdump_reads_what_we_write(@TempDir Path dir) throws Exception {
        Path tcpdump = Path.of("/usr/bin/tcpdump");
        Assumptions.assumeTrue(Files.isExecutable(tcpdump), "needs tcpdump");
        Path file = Files.write(dir.resolve("ours.pcapng"), written(2));
        Process process =
                new ProcessBuilder(tcpdump.toString(), "-nn", "-tt", "-r", file.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("10.64.0.1.1000 > 10.128.0.1.80", "length 1");
        assertThat(said.lines().filter(line -> line.contains("10.64.0.1"))).hasSize(2);
        assertThat(process.exitValue()).isZero();
    }

    /// A section in an order of its own, a clock of 2^-20 s with an offset, a foreign block, a
    /// simple packet, an interface of another link.
    private static byte[] littleSection() {
        byte[] frame = ethernet(IP);
        int room = (frame.length + 3) & ~3;
        ByteBuffer file = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(PcapngFormat.SECTION).putInt(28).putInt(0x1A2B3C4D).putInt(1).putLong(-1);
        file.putInt(28);
        file.putInt(1).putInt(44).putInt(1).putInt(0);
        file.putShort((short) 9).putShort((short) 1).put((byte) (0x80 | 20)).put(new byte[3]);
        file.putShort((short) 14).putShort((short) 8).putLong(1000);
        file.putInt(0).putInt(44);
        file.putInt(1).putInt(20).putInt(147).putInt(0).putInt(20);
        file.putInt(0x0BAD).putInt(16).putInt(42).putInt(16);
        file.putInt(6).putInt(32 + room).putInt(0).putInt(0).putInt(3 << 19);
        file.putInt(frame.length)
                .putInt(frame.length)
                .put(frame)
                .put(new byte[room - frame.length]);
        file.putInt(32 + room);
        file.putInt(6).putInt(32 + room).putInt(1).putInt(0).putInt(0);
        file.putInt(frame.length)
                .putInt(frame.length)
                .put(frame)
                .put(new byte[room - frame.length]);
        file.putInt(32 + room);
        file.putInt(3).putInt(16 + room).putInt(frame.length).put(frame);
        file.put(new byte[room - frame.length]).putInt(16 + room);
        return Arrays.copyOf(file.array(), file.position());
    }

    @Test
    void sections_may_differ_in_everything() throws IOException {
        byte[] first = written(1);
        byte[] second = littleSection();
        byte[] both =
                ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
        Read read = read(both);
        assertThat(read.times()).containsExactly(NANOS, 1_001_500_000_000L, 0L);
        assertThat(read.packets()).hasSize(3);
        assertThat(read.notes())
                .containsExactly(
                        "1 packets of other links passed over, read are Ethernet, Linux cooked, raw"
                                + " IP and loopback",
                        "1 blocks without packets passed over");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0  | 00000000 | at byte 0: 0x00000000, allowed the start of a pcap or pcapng file",
                "8  | 11111111 | at byte 8: byte order 0x11111111, allowed 0x1a2b3c4d or reversed",
                "4  | 00000018 | at byte 4: section header of 24 bytes, allowed multiples of 4",
                "32 | fffffffc | at byte 32: block of 4294967292 bytes, allowed multiples of 4",
                "72 | 00000009 | at byte 72: block of 9 bytes, allowed multiples of 4 from 12",
                "76 | 00000007 | at byte 76: packet of interface 7, 1 are described",
                "88 | 7fffffff | at byte 88: packet of 2147483647 bytes in a block with room for 56",
            })
    void a_broken_file_is_refused_at_its_byte(int at, String bytes, String message)
            throws IOException {
        byte[] file = written(1);
        System.arraycopy(hex(bytes), 0, file, at, 4);
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_file_that_breaks_off_gives_what_came_before_and_a_note() throws IOException {
        byte[] file = written(3);
        byte[] classic = pcap(ByteOrder.LITTLE_ENDIAN, PcapFormat.MICROS, 1, ethernet(IP));
        Read cut = read(Arrays.copyOf(file, file.length - 5));
        assertThat(cut.packets()).hasSize(2);
        assertThat(cut.notes())
                .containsExactly("the file breaks off at byte %d".formatted(file.length - 5));
        assertThat(read(Arrays.copyOf(classic, 60)).notes())
                .containsExactly("the file breaks off at byte 60");
        assertThat(read(Arrays.copyOf(classic, 24)).notes()).isEmpty();
        for (int length : new int[] {0, 3, 20}) {
            assertThatThrownBy(() -> read(Arrays.copyOf(classic, length)))
                    .isInstanceOf(CaptureException.class);
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 2000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void garbage_is_read_or_refused_but_never_fails_otherwise(long seed) throws IOException {
        var random = new Random(seed);
        byte[] file =
                switch (random.nextInt(3)) {
                    case 0 -> written(3);
                    case 1 -> littleSection();
                    default -> pcap(ByteOrder.BIG_ENDIAN, PcapFormat.NANOS, 113, ethernet(IP));
                };
        for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
            int at = random.nextInt(file.length);
            file[at] = (byte) (random.nextBoolean() ? random.nextInt() : -1 >>> random.nextInt(9));
        }
        try {
            Read read = read(Arrays.copyOf(file, random.nextInt(file.length + 1)));
            assertThat(read.times().size()).isLessThan(10);
        } catch (CaptureException refused) {
            assertThat(refused).hasMessageStartingWith("at byte ");
            assertThat(refused.offset()).isBetween(0L, (long) file.length);
        }
    }
}
