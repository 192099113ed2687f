package dev.thistle.isp.detect;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The body of an HTTP answer that has arrived as a whole.
///
/// @param end offset in the stream behind it
record HttpBody(ByteBuffer bytes, int end) {

    /// What a zipped answer may grow to: a few thousand peers.
    private static final int MAX_UNZIPPED_BYTES = 64 * 1024;

    private static final int MAX_SIZE_DIGITS = 6;

    /// Reads the body of an answer whose head is complete.
    ///
    /// @param at where the body begins
    /// @param length as the head says; absent if the body ends with the connection, unless chunked
    /// @return null while something is missing
    static @Nullable HttpBody read(
            ByteBuffer stream, int at, OptionalInt length, boolean isChunked) {
        if (isChunked) {
            return chunks(stream, at);
        }
        if (length.isPresent()) {
            return length.getAsInt() > stream.limit() - at
                    ? null
                    : new HttpBody(stream.slice(at, length.getAsInt()), at + length.getAsInt());
        }
        ByteBuffer rest = stream.slice(at, stream.limit() - at);
        return TrackerAnswer.read(rest).isEmpty() ? null : new HttpBody(rest, stream.limit());
    }

    private static @Nullable HttpBody chunks(ByteBuffer stream, int start) {
        var joined = new ByteArrayOutputStream();
        int at = start;
        while (true) {
            int lineEnd = lineEnd(stream, at);
            int size = lineEnd < 0 ? -1 : size(stream, at, lineEnd);
            int data = lineEnd + 2;
            if (size < 0 || size + 2 > stream.limit() - data) {
                return null;
            }
            if (size == 0) { // trailers are rare enough to give up on
                return new HttpBody(ByteBuffer.wrap(joined.toByteArray()), data + 2);
            }
            joined.writeBytes(copy(stream, data, size));
            at = data + size + 2;
        }
    }

    private static int lineEnd(ByteBuffer stream, int from) {
        for (int at = from; at + 1 < stream.limit(); at++) {
            if (stream.get(at) == '\r' && stream.get(at + 1) == '\n') {
                return at;
            }
        }
        return -1;
    }

    /// -1 for what is no size of a chunk.
    private static int size(ByteBuffer stream, int from, int to) {
        int size = 0;
        int digits = 0;
        for (int at = from; at < to && stream.get(at) != ';'; at++, digits++) {
            int digit = Character.digit(stream.get(at), 16);
            if (digit < 0 || digits == MAX_SIZE_DIGITS) {
                return -1;
            }
            size = size * 16 + digit;
        }
        return digits == 0 ? -1 : size;
    }

    private static byte[] copy(ByteBuffer stream, int at, int length) {
        byte[] bytes = new byte[length];
        stream.get(at, bytes);
        return bytes;
    }

    /// Empty if it is not what it says it is, or larger than an observer cares for.
    static ByteBuffer gunzip(ByteBuffer zipped) {
        try (var in =
                new GZIPInputStream(new ByteArrayInputStream(copy(zipped, 0, zipped.limit())))) {
            byte[] bytes = in.readNBytes(MAX_UNZIPPED_BYTES + 1);
            return ByteBuffer.wrap(bytes.length > MAX_UNZIPPED_BYTES ? new byte[0] : bytes);
        } catch (IOException broken) {
            return ByteBuffer.allocate(0);
        }
    }
}
