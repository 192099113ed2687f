package dev.thistle.isp.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of a capture file, read in bounded pieces and counted.
final class CaptureInput {

    /// Of a frame or a block: what libpcap allows frames, and a little for what surrounds them.
    static final int MAX_BYTES = 262_144 + 4096;

    private final InputStream in;
    private byte[] buffer = new byte[4096];
    private long offset;
    private boolean isCut;

    CaptureInput(InputStream in) {
        this.in = in;
    }

    /// Of the next byte.
    long offset() {
        return offset;
    }

    /// Whether the file ended inside what was asked for.
    boolean isCut() {
        return isCut;
    }

    /// Reads exactly so many bytes, for [#bytes].
    ///
    /// @param length 0 to [#MAX_BYTES]; the caller has checked
    /// @return false if the file ends before; [#isCut] then, unless not one byte was left
    boolean read(int length) throws IOException {
        if (length > buffer.length) {
            buffer = new byte[Math.min(MAX_BYTES, Math.max(length, 2 * buffer.length))];
        }
        int got = in.readNBytes(buffer, 0, length);
        offset += got;
        isCut |= got > 0 && got < length;
        return got == length;
    }

    /// The bytes of the last [#read], valid until the next.
    ByteBuffer bytes(int length, ByteOrder order) {
        return ByteBuffer.wrap(buffer, 0, length).slice().order(order);
    }

    /// The file ended where something had begun.
    void cut() {
        isCut = true;
    }

    /// Passes over bytes that nobody needs, however many.
    boolean skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            int step = (int) Math.min(left, buffer.length);
            if (!read(step)) {
                isCut = true;
                return false;
            }
            left -= step;
        }
        return true;
    }
}
