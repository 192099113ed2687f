package dev.thistle.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thistle.isp.box.Attachment.Side;
import dev.thistle.isp.capture.CaptureReader;
import dev.thistle.isp.capture.Captured;
import dev.thistle.isp.packet.Packet;
import dev.thistle.lab.outcome.RunFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundCaptureTest {

    private static final int SEGMENT = 1460;

    @TempDir Path dir;

    /// An Ethernet frame with a TCP segment from 10.64.0.1 to 10.128.0.1.
    private static ByteBuffer frame(int sourcePort, int payloadBytes) {
        return ByteBuffer.allocate(14 + 20 + 20 + payloadBytes)
                .put(new byte[12])
                .putShort((short) 0x0800)
                .putShort((short) 0x4500)
                .putShort((short) (40 + payloadBytes))
                .putInt(0x4000)
                .putInt(0x40060000)
                .putInt(0x0A400001)
                .putInt(0x0A800001)
                .putShort((short) sourcePort)
                .putShort((short) 6881)
                .putLong(0)
                .putShort((short) 0x5010)
                .rewind();
    }

    private record Kept(long nanos, int frameBytes, boolean isWhole) {}

    private List<Kept> kept(String side) throws IOException {
        var kept = new ArrayList<Kept>();
        try (var reader =
                CaptureReader.open(dir.resolve("captures/r1-%s.pcapng".formatted(side)))) {
            for (Captured next = reader.next(); next != null; next = reader.next()) {
                Packet packet = Packet.readBeginning(next.nanos(), next.ip());
                assertThat(packet).isNotNull();
                kept.add(new Kept(next.nanos(), next.frameBytes(), next.isWhole()));
            }
        }
        return kept;
    }

    @Test
    void the_first_64_kib_of_a_flow_are_whole_and_headers_follow() throws Exception {
        int whole = (64 * 1024 + SEGMENT - 1) / SEGMENT;
        try (RunFolder folder = RunFolder.create(dir);
                var capture = RoundCapture.open(folder, "r1")) {
            for (int packet = 0; packet < whole + 10; packet++) {
                capture.frame(Side.CUSTOMER, packet, false, frame(40_000, SEGMENT));
            }
            capture.frame(Side.CUSTOMER, 0, false, frame(40_001, SEGMENT));
            capture.frame(Side.CUSTOMER, 0, false, frame(40_000, 3));
        }

        List<Kept> access = kept("access");
        assertThat(access.subList(0, whole))
                .allMatch(packet -> packet.isWhole && packet.frameBytes == 54 + SEGMENT);
        assertThat(access.subList(whole, whole + 10))
                .allMatch(packet -> !packet.isWhole && packet.frameBytes == 94);
        assertThat(access.get(whole + 10).isWhole).as("another flow").isTrue();
        assertThat(access.getLast()).matches(last -> last.isWhole && last.frameBytes == 57);
    }

    @Test
    void each_side_has_a_file_with_the_time_of_day() throws Exception {
        long before = Instant.now().getEpochSecond();
        try (RunFolder folder = RunFolder.create(dir);
                var capture = RoundCapture.open(folder, "r1")) {
            long now = System.nanoTime();
            capture.frame(Side.CUSTOMER, now, false, frame(40_000, 1));
            capture.frame(Side.OUTSIDE, now + 5, false, frame(40_000, 2));
        }

        assertThat(kept("access")).extracting(Kept::frameBytes).containsExactly(55);
        assertThat(kept("internet")).extracting(Kept::frameBytes).containsExactly(56);
        long nanos = kept("access").getFirst().nanos;
        assertThat(kept("internet").getFirst().nanos - nanos).isEqualTo(5);
        assertThat(nanos / 1_000_000_000).isBetween(before, Instant.now().getEpochSecond() + 1);
    }

    @Test
    void what_the_box_forged_says_so_and_nothing_else_does() throws Exception {
        try (RunFolder folder = RunFolder.create(dir);
                var capture = RoundCapture.open(folder, "r1")) {
            capture.frame(Side.CUSTOMER, 1, true, frame(40_000, 0));
            capture.frame(Side.OUTSIDE, 1, false, frame(40_000, 0));
        }

        assertThat(text("access")).contains("forged by the ISP");
        assertThat(text("internet")).doesNotContain("forged");
    }

    private String text(String side) throws IOException {
        return Files.readString(
                dir.resolve("captures/r1-%s.pcapng".formatted(side)), StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_full_disk_does_not_stop_the_box_and_is_told_at_the_end() throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(full), "needs /dev/full");
        Files.createDirectory(dir.resolve("run"));
        try (RunFolder folder = RunFolder.create(dir.resolve("run"))) {
            Files.createSymbolicLink(folder.capture("r1", "access"), full);
            var capture = RoundCapture.open(folder, "r1");

            assertThatCode(
                            () -> {
                                for (int packet = 0; packet < 500; packet++) {
                                    capture.frame(
                                            Side.CUSTOMER, packet, false, frame(packet, SEGMENT));
                                    capture.frame(Side.OUTSIDE, packet, false, frame(packet, 0));
                                }
                            })
                    .doesNotThrowAnyException();

            assertThatThrownBy(capture::close)
                    .isInstanceOf(IOException.class)
                    .hasMessage("writing the capture: No space left on device");
            assertThat(Files.size(folder.capture("r1", "internet")))
                    .as("the other file was closed as well")
                    .isGreaterThan(100);
        }
    }
}
