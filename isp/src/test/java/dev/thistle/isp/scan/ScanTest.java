package dev.thistle.isp.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.capture.CaptureReader;
import dev.thistle.isp.capture.CaptureWriter;
import dev.thistle.isp.detect.Verdict;
import dev.thistle.isp.packet.Endpoint;
import dev.thistle.isp.packet.Packet;
import dev.thistle.isp.packet.Packets;
import dev.thistle.isp.packet.Subnet;
import dev.thistle.isp.scan.ScanReport.SeenFlow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScanTest {

    private static final Endpoint CUSTOMER = Packets.endpoint("10.64.0.1", 40_000);
    private static final Endpoint TRACKER = Packets.endpoint("198.51.100.9", 80);
    private static final Endpoint PEER = Packets.endpoint("203.0.113.5", 6881);
    private static final Endpoint WEB = Packets.endpoint("203.0.113.6", 443);

    /// An announce with its answer, then an opaque flow to the peer of the answer, then TLS.
    private static byte[] capture() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var writer = CaptureWriter.write(out, "isp")) {
            converse(
                    writer,
                    0,
                    CUSTOMER,
                    TRACKER,
                    latin(
                            "GET /announce?info_hash=aaaaaaaaaaaaaaaaaaaa&port=7000"
                                    + "&peer_id=bbbbbbbbbbbbbbbbbbbb HTTP/1.1\r\n\r\n"),
                    latin(
                            "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n"
                                    + "d8:intervali900e5:peers6:\u00cb\u0000q\u0005\u001a\u00e1e"));
            byte[] opaque = new byte[100];
            Arrays.fill(opaque, (byte) 0b1001_1001);
            converse(writer, 100, new Endpoint(CUSTOMER.address(), 40_001), PEER, opaque, opaque);
            byte[] hello = {0x16, 3, 1, 0, 2, 1, 0};
            converse(writer, 200, new Endpoint(CUSTOMER.address(), 40_002), WEB, hello, hello);
            writer.write(300, ByteBuffer.wrap(new byte[20]), "");
        }
        return out.toByteArray();
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void converse(
            CaptureWriter writer,
            long nanos,
            Endpoint client,
            Endpoint server,
            byte[] said,
            byte[] answered)
            throws IOException {
        write(writer, nanos, Packets.tcpBytes(client, server, Packet.SYN, 0, 0, new byte[0]));
        write(
                writer,
                nanos + 1,
                Packets.tcpBytes(server, client, Packet.SYN | Packet.ACK, 0, 1, new byte[0]));
        write(writer, nanos + 2, Packets.tcpBytes(client, server, Packet.ACK, 1, 1, said));
        write(writer, nanos + 3, Packets.tcpBytes(server, client, Packet.ACK, 1, 1, answered));
    }

    private static void write(CaptureWriter writer, long nanos, byte[] ip) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + ip.length).putShort(12, (short) 0x0800);
        writer.write(nanos, frame.put(14, ip), "");
    }

    private static ScanReport scan(byte[] file, Subnet... customers) throws IOException {
        try (var reader = CaptureReader.read(new ByteArrayInputStream(file))) {
            return new Scan(List.of(customers)).run(reader);
        }
    }

    @Test
    void a_report_names_flows_endpoints_and_customers_with_reasons() throws IOException {
        ScanReport report = scan(capture());

        assertThat(report.counts())
                .isEqualTo(new ScanReport.Counts(12, 1, report.counts().ipBytes(), 3, 2, 203));
        assertThat(report.suspects()).extracting(SeenFlow::server).containsExactly(TRACKER, PEER);
        assertThat(report.suspects().getFirst().verdicts())
                .extracting(Verdict::detector)
                .containsExactly("D-S3");
        assertThat(report.suspects().getLast().verdicts())
                .extracting(Verdict::detector)
                .containsExactlyInAnyOrder("D-E1:paper", "D-E1:ndpi", "D-E1:opengfw", "D-T1");
        assertThat(report.suspects().getLast().packets()).isEqualTo(4);
        assertThat(report.endpoints())
                .extracting(each -> each.endpoint().toString())
                .containsExactly("10.64.0.1:7000", "203.0.113.5:6881");
        assertThat(report.customers())
                .singleElement()
                .satisfies(customer -> {
                    assertThat(customer.customer()).isEqualTo(CUSTOMER.address());
                    assertThat(customer.flows()).isEqualTo(3);
                    assertThat(customer.suspectFlows()).isEqualTo(2);
                });
        assertThat(report.notes())
                .containsExactly(
                        "1 packets are not TCP or UDP, or not whole (0 cut by the capture)");
    }

    @Test
    void packets_of_which_only_headers_were_kept_are_counted_as_they_passed() throws IOException {
        byte[] bulk = Packets.tcpBytes(PEER, CUSTOMER, Packet.ACK, 1, 1, new byte[1000]);
        ByteBuffer frame = ByteBuffer.allocate(14 + bulk.length).putShort(12, (short) 0x0800);
        frame.put(14, bulk);
        var out = new ByteArrayOutputStream();
        try (var writer = CaptureWriter.write(out, "isp")) {
            for (int packet = 0; packet < 5; packet++) {
                writer.write(packet, frame.slice(0, 94), frame.limit(), "");
            }
        }

        assertThat(scan(out.toByteArray()).counts())
                .isEqualTo(new ScanReport.Counts(5, 0, 5 * 1040, 1, 0, 4));
    }

    @Test
    void customers_are_whom_the_caller_names() throws IOException {
        assertThat(scan(capture(), Subnet.parse("203.0.113.0/24")).customers())
                .extracting(each -> each.customer().toString())
                .containsExactly("203.0.113.5");
    }

    @Test
    void a_flow_of_a_customer_with_itself_is_one_flow() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var writer = CaptureWriter.write(out, "lo")) {
            byte[] bits = new byte[50];
            Arrays.fill(bits, (byte) 0b1001_1001);
            converse(writer, 0, CUSTOMER, new Endpoint(CUSTOMER.address(), 6881), bits, bits);
        }
        assertThat(scan(out.toByteArray()).customers())
                .singleElement()
                .satisfies(customer -> assertThat(customer.flows()).isEqualTo(1));
    }

    @Test
    void a_capture_that_breaks_off_says_so() throws IOException {
        byte[] file = capture();
        ScanReport report = scan(Arrays.copyOf(file, file.length - 60));
        assertThat(report.notes()).anyMatch(note -> note.contains("breaks off at byte"));
        assertThat(report.counts().packets()).isEqualTo(11);
    }
}
