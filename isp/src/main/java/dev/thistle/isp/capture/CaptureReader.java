package dev.thistle.isp.capture;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a capture file, pcap or pcapng in either byte order, one packet at a time. Memory does not
/// grow with the file. Not thread-safe.
///
///     try (var capture = CaptureReader.open(path)) {
///         for (Captured next; (next = capture.next()) != null; ) { ... }
///     }
///
/// A file that breaks off gives the packets before the break and a note, since a capture that was
/// stopped hard ends like that. Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
public final class CaptureReader implements Closeable {

    /// One of the two formats, behind its first header.
    interface Format {

        /// Null at the end.
        @Nullable Captured next() throws IOException;

        /// What could not be read and was passed over, for people.
        List<String> notes();
    }

    private final InputStream file;
    private final CaptureInput in;
    private final Format format;

    private CaptureReader(InputStream file) throws IOException {
        this.file = file;
        in = new CaptureInput(file);
        format = format(in);
    }

    /// Opens a file and reads its first header.
    ///
    /// @throws CaptureException if it is no capture file
    public static CaptureReader open(Path path) throws IOException {
        return read(Files.newInputStream(path));
    }

    /// As [#open]; closes `file` with itself, or at once if it is no capture.
    public static CaptureReader read(InputStream file) throws IOException {
        var buffered = new BufferedInputStream(file, 1 << 16);
        try {
            return new CaptureReader(buffered);
        } catch (IOException refused) {
            buffered.close();
            throw refused;
        }
    }

    private static Format format(CaptureInput in) throws IOException {
        if (!in.read(4)) {
            throw new CaptureException(
                    0, "%d bytes, allowed a pcap or pcapng file".formatted(in.offset()));
        }
        int magic = in.bytes(4, ByteOrder.BIG_ENDIAN).getInt();
        return switch (magic) {
            case PcapngFormat.SECTION -> new PcapngFormat(in);
            case PcapFormat.MICROS -> new PcapFormat(in, ByteOrder.BIG_ENDIAN, 1_000);
            case PcapFormat.NANOS -> new PcapFormat(in, ByteOrder.BIG_ENDIAN, 1);
            default ->
                    switch (Integer.reverseBytes(magic)) {
                        case PcapFormat.MICROS ->
                                new PcapFormat(in, ByteOrder.LITTLE_ENDIAN, 1_000);
                        case PcapFormat.NANOS -> new PcapFormat(in, ByteOrder.LITTLE_ENDIAN, 1);
                        default ->
                                throw new CaptureException(
                                        0,
                                        "0x%08x, allowed the start of a pcap or pcapng file"
                                                .formatted(magic));
                    };
        };
    }

    /// The next packet, or null at the end of the file or where it breaks off.
    ///
    /// @throws CaptureException if the file is broken here; do not read on
    public @Nullable Captured next() throws IOException {
        return format.next();
    }

    /// What was passed over so far, each in a line: blocks of no use here, a broken end.
    public List<String> notes() {
        var notes = new ArrayList<>(format.notes());
        if (in.isCut()) {
            notes.add("the file breaks off at byte %d".formatted(in.offset()));
        }
        return notes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
