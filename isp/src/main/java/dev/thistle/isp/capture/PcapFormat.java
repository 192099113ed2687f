package dev.thistle.isp.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The classic format:
///
///     file    magic 4 | version 2+2 | zone 4 | figures 4 | snaplen 4 | link type 4
///     packet  seconds 4 | fraction 4 | captured 4 | original 4 | frame
final class PcapFormat implements CaptureReader.Format {

    /// Fractions are microseconds.
    static final int MICROS = 0xA1B2C3D4;

    /// Fractions are nanoseconds.
    static final int NANOS = 0xA1B23C4D;

    private static final int HEADER_BYTES = 20; // behind the magic number
    private static final int PACKET_BYTES = 16;
    private static final int MAX_FRAME_BYTES = 262_144;

    private final CaptureInput in;
    private final ByteOrder order;
    private final int unitNanos;
    private final LinkType link;

    /// @param in behind the magic number
    PcapFormat(CaptureInput in, ByteOrder order, int unitNanos) throws IOException {
        this.in = in;
        this.order = order;
        this.unitNanos = unitNanos;
        if (!in.read(HEADER_BYTES)) {
            throw new CaptureException(in.offset(), "the file ends inside its header");
        }
        int number = in.bytes(HEADER_BYTES, order).getInt(16) & 0xFFFF; // above are flags
        link =
                LinkType.of(number)
                        .orElseThrow(() ->
                                new CaptureException(
                                        20,
                                        "link type %d, allowed %s"
                                                .formatted(number, LinkType.allowed())));
    }

    @Override
    public @Nullable Captured next() throws IOException {
        long at = in.offset();
        if (!in.read(PACKET_BYTES)) {
            return null;
        }
        ByteBuffer header = in.bytes(PACKET_BYTES, order);
        long seconds = Integer.toUnsignedLong(header.getInt());
        long fraction = Integer.toUnsignedLong(header.getInt());
        int captured = header.getInt();
        int original = header.getInt();
        if (captured < 0 || captured > MAX_FRAME_BYTES) {
            throw new CaptureException(
                    at + 8,
                    "packet of %s bytes, allowed 0..%d"
                            .formatted(Integer.toUnsignedString(captured), MAX_FRAME_BYTES));
        }
        if (!in.read(captured)) {
            in.cut();
            return null;
        }
        return Captured.of(
                seconds * 1_000_000_000 + fraction * unitNanos,
                in.bytes(captured, ByteOrder.BIG_ENDIAN),
                link,
                Integer.compareUnsigned(captured, original) >= 0);
    }

    @Override
    public List<String> notes() {
        return List.of();
    }
}
