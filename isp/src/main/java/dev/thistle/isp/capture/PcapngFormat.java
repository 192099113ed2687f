package dev.thistle.isp.capture;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The newer format: sections of blocks, each with its type and its length at both ends:
///
///     type 4 | length 4 | body, padded to 4 | length 4
///
/// Read are section headers, which set the byte order, interface descriptions, and enhanced and
/// simple packets; other blocks are passed over and counted.
final class PcapngFormat implements CaptureReader.Format {

    /// The same in both byte orders.
    static final int SECTION = 0x0A0D0D0A;

    private static final int INTERFACE = 1;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

    private static final int ORDER_MAGIC = 0x1A2B3C4D;
    private static final int FRAME_BYTES = 12; // type and both lengths
    private static final int MAX_INTERFACES = 4096;
    private static final int MAX_SKIPPED_BYTES = 1 << 24;

    /// Where frames come from.
    ///
    /// @param link null if it is none that we read
    /// @param snapBytes the most that is captured of a frame; 0 for no limit
    private record Interface(@Nullable LinkType link, TimeUnits time, int snapBytes) {}

    /// Units of time stamps since 1970, and what is added.
    private record TimeUnits(BigInteger unitsPerSecond, long offsetSeconds) {

        static final TimeUnits MICROS = new TimeUnits(BigInteger.valueOf(1_000_000), 0);

        long nanos(long units) {
            BigInteger unsigned = new BigInteger(Long.toUnsignedString(units));
            BigInteger nanos =
                    unsigned.multiply(BigInteger.valueOf(1_000_000_000)).divide(unitsPerSecond);
            return nanos.longValue() + offsetSeconds * 1_000_000_000;
        }
    }

    private final CaptureInput in;
    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.BIG_ENDIAN;
    private long passedOver;
    private long ofOtherLinks;
    private boolean hasEnded;

    /// @param in behind the type of the first section header
    PcapngFormat(CaptureInput in) throws IOException {
        this.in = in;
        section(0);
    }

    @Override
    public @Nullable Captured next() throws IOException {
        while (!hasEnded) {
            long at = in.offset();
            if (!in.read(4)) {
                break;
            }
            int type = in.bytes(4, order).getInt();
            if (type == SECTION) {
                section(at);
                continue;
            }
            int bodyBytes = length(at);
            if (bodyBytes < 0) {
                break;
            }
            Captured packet = block(type, bodyBytes, at);
            if (packet != null) {
                return packet;
            }
        }
        hasEnded = true;
        return null;
    }

    /// Reads a block's length.
    ///
    /// @return of its body; -1 if the file ends
    private int length(long at) throws IOException {
        if (!in.read(4)) {
            in.cut();
            return -1;
        }
        int length = in.bytes(4, order).getInt();
        if (length < FRAME_BYTES || length > MAX_SKIPPED_BYTES || length % 4 != 0) {
            throw new CaptureException(
                    at + 4,
                    "block of %s bytes, allowed multiples of 4 from %d to %d"
                            .formatted(
                                    Integer.toUnsignedString(length),
                                    FRAME_BYTES,
                                    MAX_SKIPPED_BYTES));
        }
        return length - FRAME_BYTES;
    }

    private @Nullable Captured block(int type, int bodyBytes, long at) throws IOException {
        boolean isOfUse = type == INTERFACE || type == SIMPLE_PACKET || type == ENHANCED_PACKET;
        if (!isOfUse) {
            passedOver++;
            hasEnded = !in.skip(bodyBytes + 4L);
            return null;
        }
        if (bodyBytes + 4 > CaptureInput.MAX_BYTES) {
            throw new CaptureException(
                    at + 4,
                    "block of type %d of %d bytes, allowed %d"
                            .formatted(type, bodyBytes, CaptureInput.MAX_BYTES - 4));
        }
        if (!in.read(bodyBytes + 4)) {
            in.cut();
            hasEnded = true;
            return null;
        }
        ByteBuffer body = in.bytes(bodyBytes + 4, order);
        requireSameLength(body.getInt(bodyBytes), bodyBytes, at);
        body.limit(bodyBytes);
        return switch (type) {
            case INTERFACE -> {
                addInterface(body, at);
                yield null;
            }
            case SIMPLE_PACKET -> simple(body, at);
            case ENHANCED_PACKET -> enhanced(body, at);
            default -> throw new AssertionError("of no use: " + type);
        };
    }

    private static void requireSameLength(int behind, int bodyBytes, long at)
            throws CaptureException {
        if (behind != bodyBytes + FRAME_BYTES) {
            throw new CaptureException(
                    at + 8 + bodyBytes,
                    "length %s behind the block, allowed %d as before it"
                            .formatted(Integer.toUnsignedString(behind), bodyBytes + FRAME_BYTES));
        }
    }

    /// A section forgets the interfaces of the one before.
    ///
    /// @param at where its type stood
    private void section(long at) throws IOException {
        if (!in.read(8)) {
            if (at == 0) {
                throw new CaptureException(in.offset(), "the file ends inside its first header");
            }
            in.cut();
            hasEnded = true;
            return;
        }
        int magic = in.bytes(8, ByteOrder.BIG_ENDIAN).getInt(4);
        order =
                switch (magic) {
                    case ORDER_MAGIC -> ByteOrder.BIG_ENDIAN;
                    default -> {
                        if (Integer.reverseBytes(magic) != ORDER_MAGIC) {
                            throw new CaptureException(
                                    at + 8,
                                    "byte order 0x%08x, allowed 0x1a2b3c4d or reversed"
                                            .formatted(magic));
                        }
                        yield ByteOrder.LITTLE_ENDIAN;
                    }
                };
        int length = in.bytes(8, order).getInt(0);
        if (length < 28 || length > MAX_SKIPPED_BYTES || length % 4 != 0) {
            throw new CaptureException(
                    at + 4,
                    "section header of %s bytes, allowed multiples of 4 from 28 to %d"
                            .formatted(Integer.toUnsignedString(length), MAX_SKIPPED_BYTES));
        }
        interfaces.clear();
        hasEnded = !in.skip(length - 12);
    }

    private void addInterface(ByteBuffer body, long at) throws CaptureException {
        if (body.remaining() < 8 || interfaces.size() == MAX_INTERFACES) {
            throw new CaptureException(
                    at,
                    interfaces.size() == MAX_INTERFACES
                            ? "more than the %d interfaces allowed".formatted(MAX_INTERFACES)
                            : "interface description of %d bytes, allowed from 8"
                                    .formatted(body.remaining()));
        }
        int number = Short.toUnsignedInt(body.getShort(0));
        LinkType link = LinkType.of(number).orElse(null);
        interfaces.add(new Interface(link, timeUnits(body.position(8), at), body.getInt(4)));
    }

    /// The options `if_tsresol` (9) and `if_tsoffset` (14).
    private static TimeUnits timeUnits(ByteBuffer options, long at) throws CaptureException {
        BigInteger units = TimeUnits.MICROS.unitsPerSecond();
        long offset = 0;
        while (options.remaining() >= 4) {
            int code = Short.toUnsignedInt(options.getShort());
            int length = Short.toUnsignedInt(options.getShort());
            int padded = (length + 3) & ~3;
            if (code == 0 || padded > options.remaining()) {
                break;
            }
            int start = options.position();
            if (code == 9 && length == 1) {
                int resolution = options.get(start);
                int exponent = resolution & 0x7F;
                int most = resolution < 0 ? 63 : 19;
                if (exponent > most) {
                    throw new CaptureException(
                            at,
                            "if_tsresol 0x%02x, allowed an exponent of 0..%d"
                                    .formatted(resolution & 0xFF, most));
                }
                units = BigInteger.valueOf(resolution < 0 ? 2 : 10).pow(exponent);
            } else if (code == 14 && length == 8) {
                offset = options.getLong(start);
            }
            options.position(start + padded);
        }
        return new TimeUnits(units, offset);
    }

    private @Nullable Captured enhanced(ByteBuffer body, long at) throws CaptureException {
        if (body.remaining() < 20) {
            throw new CaptureException(
                    at, "packet block of %d bytes, allowed from 20".formatted(body.remaining()));
        }
        Interface source = source(body.getInt(0), at);
        long units =
                Integer.toUnsignedLong(body.getInt(4)) << 32
                        | Integer.toUnsignedLong(body.getInt(8));
        int captured = body.getInt(12);
        int original = body.getInt(16);
        if (captured < 0 || captured > body.limit() - 20) {
            throw new CaptureException(
                    at + 20,
                    "packet of %s bytes in a block with room for %d"
                            .formatted(Integer.toUnsignedString(captured), body.limit() - 20));
        }
        return packet(
                source,
                source.time().nanos(units),
                body.slice(20, captured),
                Integer.compareUnsigned(captured, original) >= 0);
    }

    /// Has no time, and no length of what was captured: the block's and the interface's say it.
    private @Nullable Captured simple(ByteBuffer body, long at) throws CaptureException {
        if (body.remaining() < 4) {
            throw new CaptureException(
                    at, "packet block of %d bytes, allowed from 4".formatted(body.remaining()));
        }
        Interface source = source(0, at);
        long original = Integer.toUnsignedLong(body.getInt(0));
        long snap = source.snapBytes() == 0 ? original : Integer.toUnsignedLong(source.snapBytes());
        int captured = (int) Math.min(Math.min(original, snap), body.limit() - 4);
        return packet(source, 0, body.slice(4, captured), captured == original);
    }

    private Interface source(int index, long at) throws CaptureException {
        if (index < 0 || index >= interfaces.size()) {
            throw new CaptureException(
                    at + 8,
                    "packet of interface %s, %d are described"
                            .formatted(Integer.toUnsignedString(index), interfaces.size()));
        }
        return interfaces.get(index);
    }

    private @Nullable Captured packet(
            Interface source, long nanos, ByteBuffer frame, boolean isWhole) {
        LinkType link = source.link();
        if (link == null) {
            ofOtherLinks++;
            return null;
        }
        return Captured.of(nanos, frame.order(ByteOrder.BIG_ENDIAN), link, isWhole);
    }

    @Override
    public List<String> notes() {
        var notes = new ArrayList<String>();
        if (ofOtherLinks > 0) {
            notes.add(
                    "%d packets of other links passed over, read are %s"
                            .formatted(ofOtherLinks, LinkType.allowed()));
        }
        if (passedOver > 0) {
            notes.add("%d blocks without packets passed over".formatted(passedOver));
        }
        return notes;
    }
}
