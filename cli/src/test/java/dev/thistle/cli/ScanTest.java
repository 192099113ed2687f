package dev.thistle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thistle.isp.capture.CaptureWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ScanTest {

    private static final int SYN = 2;
    private static final int ACK = 16;

    @TempDir private Path dir;

    /// A frame from 10.0.0.1:40000 to 203.0.113.5:6881.
    private static ByteBuffer frame(int flags, int sequence, byte[] payload) {
        return ByteBuffer.allocate(54 + payload.length)
                .put(new byte[12])
                .putShort((short) 0x0800)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (40 + payload.length))
                .putInt(0)
                .put((byte) 64)
                .put((byte) 6)
                .putShort((short) 0)
                .put(new byte[] {10, 0, 0, 1, (byte) 203, 0, 113, 5})
                .putShort((short) 40_000)
                .putShort((short) 6881)
                .putInt(sequence)
                .putInt(0)
                .put((byte) 0x50)
                .put((byte) flags)
                .putShort((short) 512)
                .putInt(0)
                .put(payload)
                .flip();
    }

    /// The start of a flow that is a plain handshake of peers.
    private Path capture() throws Exception {
        byte[] handshake = new byte[68];
        byte[] name = "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(name, 0, handshake, 0, name.length);
        Path file = dir.resolve("some.pcapng");
        try (var writer = CaptureWriter.create(file, "isp")) {
            writer.write(1_000_000_000, frame(SYN, 0, new byte[0]), "");
            writer.write(1_500_000_000, frame(ACK, 1, handshake), "truth: torrent");
        }
        return file;
    }

    @Test
    void a_capture_is_explained_to_people() throws Exception {
        var shown = Program.run("isp", "scan", capture()).expectDone();
        assertThat(shown.out())
                .contains("2 packets in 148 B over 0.5 s, 1 flow; 1 suspect")
                .contains("TCP  10.0.0.1:40000 > 203.0.113.5:6881  2 packets, 68 B")
                .contains("D-S1", "the client begins with 19 and 'BitTorrent protocol'")
                .contains("10.0.0.1  1 of 1 flow suspect");
        assertThat(shown.err()).isEmpty();
    }

    @Test
    void scripts_get_one_document() throws Exception {
        var json = Program.run("isp", "scan", capture(), "--json").expectDone().json();
        assertThat(json.get("counts").get("suspectFlows").asInt()).isEqualTo(1);
        var flow = json.get("flows").get(0);
        assertThat(flow.get("client").asString()).isEqualTo("10.0.0.1:40000");
        assertThat(flow.get("first").asString()).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(flow.get("verdicts").get(0).get("detector").asString()).isEqualTo("D-S1");
        assertThat(json.get("customers").get(0).get("customer").asString()).isEqualTo("10.0.0.1");
    }

    @Test
    void customers_can_be_named() throws Exception {
        var json =
                Program.run(
                                "isp",
                                "scan",
                                capture(),
                                "--json",
                                "--customer",
                                "203.0.113.0/24",
                                "--customer",
                                "2001:db8::/32")
                        .expectDone()
                        .json();
        assertThat(json.get("customers").size()).isEqualTo(1);
        assertThat(json.get("customers").get(0).get("customer").asString())
                .isEqualTo("203.0.113.5");
    }

    @Test
    void a_capture_that_breaks_off_is_shown_with_a_note() throws Exception {
        Path file = capture();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 3));
        var shown = Program.run("isp", "scan", file).expectDone();
        assertThat(shown.out()).contains("1 packet in 40 B");
        assertThat(shown.err()).contains("note: the file breaks off at byte " + (bytes.length - 3));
    }

    @Test
    void what_is_no_capture_is_one_line() throws Exception {
        Program.run("isp", "scan", dir.resolve("none.pcap")).expectFailure("no such file");
        Program.run("isp", "scan", dir).expectFailure("a folder");
        Path text = Files.writeString(dir.resolve("text.pcap"), "hello, world");
        Program.run("isp", "scan", text)
                .expectFailure("text.pcap: at byte 0: 0x68656c6c, allowed the start of a pcap");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10/8", "example.org", "10.0.0.0/33"})
    void a_customer_that_is_no_network_is_wrong_usage(String customer) throws Exception {
        Program.run("isp", "scan", capture(), "--customer", customer)
                .expectWrongUsage(customer, "allowed ADDRESS/BITS", "thistle isp scan --help");
    }

    @Test
    void help_has_examples() throws Exception {
        assertThat(Program.run("isp", "scan", "--help").expectDone().out())
                .contains("Examples:", "thistle isp scan capture.pcapng");
        Program.run("isp", "scam").expectWrongUsage("thistle isp --help");
        assertThat(Program.run("isp").exit()).isEqualTo(2);
    }
}
