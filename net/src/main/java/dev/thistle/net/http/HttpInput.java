package dev.thistle.net.http;

import dev.thistle.net.Link;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// The bytes that a server sends, as lines and as stretches. Large stretches go straight from the
/// link to where they are wanted.
final class HttpInput {

    private static final int BUFFER_BYTES = 8 * 1024;

    private final Link link;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    HttpInput(Link link) {
        this.link = link;
    }

    /// Reads a line, without its end.
    ///
    /// @param maxBytes of the line
    String line(int maxBytes, Countdown countdown) throws IOException {
        var line = new StringBuilder();
        while (true) {
            if (!buffer.hasRemaining() && fill(countdown.left()) < 0) {
                throw new ProtocolException("the server hung up in the middle of an answer");
            }
            char next = (char) (buffer.get() & 0xFF);
            if (next == '\n') {
                int end = line.length();
                return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
            }
            if (line.length() == maxBytes) {
                throw new ProtocolException(
                        "an answer with a line of more than %d bytes".formatted(maxBytes));
            }
            line.append(next);
        }
    }

    private int fill(Duration patience) throws IOException {
        buffer.clear();
        int count = link.read(buffer, patience);
        buffer.flip();
        return count;
    }

    /// Reads at least one and at most `limit` bytes into `target`.
    ///
    /// @return how many, or -1 at the end of the stream
    int read(ByteBuffer target, long limit, Duration patience) throws IOException {
        int want = (int) Math.min(target.remaining(), limit);
        if (buffer.hasRemaining()) {
            int count = Math.min(want, buffer.remaining());
            target.put(target.position(), buffer, buffer.position(), count);
            target.position(target.position() + count);
            buffer.position(buffer.position() + count);
            return count;
        }
        int restore = target.limit();
        target.limit(target.position() + want);
        try {
            return link.read(target, patience);
        } finally {
            target.limit(restore);
        }
    }
}
