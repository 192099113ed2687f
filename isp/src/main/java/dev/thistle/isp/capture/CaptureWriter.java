package dev.thistle.isp.capture;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Writes a pcapng file of one Ethernet interface, with nanoseconds and, where wanted, a comment on
/// a packet, which Wireshark shows. Owned by one thread.
///
/// Format: draft-ietf-opsawg-pcapng; big-endian.
public final class CaptureWriter implements Closeable {

    private static final int SECTION_BYTES = 28;
    private static final int PACKET_BYTES = 32; // block frame, fields

    /// Longer comments are cut: an option's length has 16 bits.
    private static final int MAX_COMMENT_BYTES = 4096;

    private final OutputStream out;

    private CaptureWriter(OutputStream out) {
        this.out = out;
    }

    /// Makes the file, or empties it.
    ///
    /// @param interfaceName such as `isp`, for who reads the file; up to 255 bytes
    public static CaptureWriter create(Path path, String interfaceName) throws IOException {
        return write(Files.newOutputStream(path), interfaceName);
    }

    /// As [#create]; closes `out` with itself.
    public static CaptureWriter write(OutputStream out, String interfaceName) throws IOException {
        var writer = new CaptureWriter(new BufferedOutputStream(out, 1 << 16));
        writer.header(interfaceName);
        return writer;
    }

    private void header(String interfaceName) throws IOException {
        byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
        if (name.length > 255) {
            throw new IllegalArgumentException(
                    "name of %d bytes, allowed 0..255".formatted(name.length));
        }
        ByteBuffer section =
                ByteBuffer.allocate(SECTION_BYTES)
                        .putInt(PcapngFormat.SECTION)
                        .putInt(SECTION_BYTES)
                        .putInt(0x1A2B3C4D)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putLong(-1) // length not told
                        .putInt(SECTION_BYTES);
        int length = 20 + option(name.length) + option(1) + 4;
        ByteBuffer description =
                ByteBuffer.allocate(length)
                        .putInt(1)
                        .putInt(length)
                        .putShort((short) LinkType.ETHERNET.number())
                        .putShort((short) 0)
                        .putInt(0); // nothing is cut
        putOption(description, 2, name);
        putOption(description, 9, new byte[] {9}); // if_tsresol: 10^-9 s
        description.putInt(0).putInt(length);
        out.write(section.array());
        out.write(description.array());
    }

    /// Appends a packet.
    ///
    /// @param nanos since 1970
    /// @param frame from the Ethernet header on, between position and limit, which stay; up to
    ///   262144 bytes
    /// @param comment what is known about it; empty for none
    public void write(long nanos, ByteBuffer frame, String comment) throws IOException {
        int bytes = frame.remaining();
        if (bytes > 262_144) {
            throw new IllegalArgumentException(
                    "frame of %d bytes, allowed 0..262144".formatted(bytes));
        }
        byte[] text = cut(comment);
        int options = text.length == 0 ? 0 : option(text.length) + 4;
        int length = PACKET_BYTES + padded(bytes) + options;
        ByteBuffer block =
                ByteBuffer.allocate(length)
                        .putInt(6)
                        .putInt(length)
                        .putInt(0)
                        .putLong(nanos)
                        .putInt(bytes)
                        .putInt(bytes)
                        .put(frame.duplicate());
        block.position(28 + padded(bytes));
        if (text.length > 0) {
            putOption(block, 1, text);
            block.putInt(0);
        }
        out.write(block.putInt(length).array());
    }

    /// At a character's start, so that what is left is text.
    private static byte[] cut(String comment) {
        byte[] text = comment.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(text.length, MAX_COMMENT_BYTES);
        while (end < text.length && (text[end] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(text, end);
    }

    private static int option(int bytes) {
        return 4 + padded(bytes);
    }

    private static void putOption(ByteBuffer into, int code, byte[] value) {
        into.putShort((short) code).putShort((short) value.length).put(value);
        into.position(into.position() + padded(value.length) - value.length);
    }

    private static int padded(int bytes) {
        return (bytes + 3) & ~3;
    }

    /// What is written so far is in the file.
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
