package dev.thistle.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Whole streams over a link, in pieces of random size.
final class Streams {

    static final Duration LONG = Duration.ofSeconds(30);

    private Streams() {}

    static byte[] random(int bytes, long seed) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return data;
    }

    /// Writes `data` in chunks of 1 to `maxChunk` bytes, by turns from direct and heap buffers.
    static void send(Link link, byte[] data, int maxChunk, Random random) throws IOException {
        int sent = 0;
        while (sent < data.length) {
            int chunk = Math.min(data.length - sent, 1 + random.nextInt(maxChunk));
            ByteBuffer buffer =
                    random.nextBoolean()
                            ? ByteBuffer.allocateDirect(chunk).put(data, sent, chunk).flip()
                            : ByteBuffer.wrap(data, sent, chunk);
            link.write(buffer, LONG);
            sent += chunk;
        }
    }

    /// Reads exactly `bytes`, into buffers of 1 to `maxChunk` bytes.
    static byte[] receive(Link link, int bytes, int maxChunk, Random random) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(bytes);
        while (data.hasRemaining()) {
            int chunk = Math.min(data.remaining(), 1 + random.nextInt(maxChunk));
            ByteBuffer buffer =
                    random.nextBoolean()
                            ? ByteBuffer.allocateDirect(chunk)
                            : ByteBuffer.allocate(chunk);
            if (link.read(buffer, LONG) < 0) {
                throw new IOException("stream ended after " + data.position());
            }
            data.put(buffer.flip());
        }
        return data.array();
    }

    /// Reads up to the end of the stream with a large buffer.
    ///
    /// @return how many bytes each read gave
    static List<Integer> readSizes(Link link) throws IOException {
        var sizes = new ArrayList<Integer>();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        while (true) {
            int bytes = link.read(buffer.clear(), LONG);
            if (bytes < 0) {
                return sizes;
            }
            sizes.add(bytes);
        }
    }
}
