package dev.thistle.lab.run;

import dev.thistle.isp.box.Attachment.Side;
import dev.thistle.isp.box.Tap;
import dev.thistle.isp.capture.CaptureWriter;
import dev.thistle.isp.flow.FlowKey;
import dev.thistle.isp.packet.Packet;
import dev.thistle.lab.outcome.RunFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The packets of a round, as they were on the customers' lines and on the outside: the first 64
/// KiB of each flow whole, headers after. What the box forged says so in a comment.
///
/// Filled by the box's thread, which no full disk may stop: the first failure ends the capture and
/// is thrown at [#close].
final class RoundCapture implements Tap, Closeable {

    private static final int WHOLE_BYTES = 64 * 1024;

    private static final int LINK_BYTES = 14;

    /// Ethernet, IPv4 without options and the longest header of TCP.
    private static final int HEADER_BYTES = LINK_BYTES + 20 + 60;

    /// One side of the box.
    private record Wire(CaptureWriter file, Map<FlowKey, Integer> written) {}

    private final Map<Side, Wire> wires = new EnumMap<>(Side.class);
    private final long epochNanos;
    private @Nullable IOException failure;

    private RoundCapture() {
        Instant now = Instant.now();
        epochNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    }

    static RoundCapture open(RunFolder folder, String round) throws IOException {
        var capture = new RoundCapture();
        try {
            for (Side side : Side.values()) {
                String name = name(side);
                CaptureWriter file = CaptureWriter.create(folder.capture(round, name), name);
                capture.wires.put(side, new Wire(file, new HashMap<>()));
            }
            return capture;
        } catch (IOException e) {
            capture.close();
            throw e;
        }
    }

    private static String name(Side side) {
        return switch (side) {
            case CUSTOMER -> "access";
            case OUTSIDE -> "internet";
        };
    }

    @Override
    public void frame(Side side, long nanos, boolean isForged, ByteBuffer frame) {
        Wire wire = wires.get(side);
        if (wire == null || failure != null) {
            return;
        }
        ByteBuffer ip = frame.slice(LINK_BYTES, frame.limit() - LINK_BYTES);
        Packet packet = Packet.read(nanos, ip);
        int wireBytes = frame.limit();
        int kept = packet == null ? wireBytes : kept(wire, packet, wireBytes);
        String comment = isForged ? "forged by the ISP" : "";
        try {
            wire.file.write(epochNanos + nanos, frame.slice(0, kept), wireBytes, comment);
        } catch (IOException e) {
            failure = e;
        }
    }

    private static int kept(Wire wire, Packet packet, int wireBytes) {
        FlowKey flow = FlowKey.of(packet);
        int before = wire.written.getOrDefault(flow, 0);
        if (before < WHOLE_BYTES) {
            wire.written.put(flow, before + packet.payloadBytes());
            return wireBytes;
        }
        return Math.min(wireBytes, HEADER_BYTES);
    }

    /// @throws IOException the first failure, after both files are closed
    @Override
    public void close() throws IOException {
        for (Wire wire : wires.values()) {
            try {
                wire.file.close();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw new IOException("writing the capture: " + failure.getMessage(), failure);
        }
    }
}
