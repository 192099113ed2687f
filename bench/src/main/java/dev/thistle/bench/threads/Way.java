package dev.thistle.bench.threads;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

/// A way to move the bytes of many connections.
sealed interface Way permits VirtualThreads, SelectorLoops {

    /// As much as the engine's buffers hold.
    int BUFFER_BYTES = 128 * 1024;

    /// One end of a connection and its socket.
    record Line(SocketChannel channel, End end) {}

    /// Returns when every leech has what it wants, and closes the sockets.
    void carry(List<Line> lines) throws IOException, InterruptedException;

    static Way named(String name) {
        return switch (name) {
            case "threads" -> new VirtualThreads();
            case "loops" -> new SelectorLoops(Runtime.getRuntime().availableProcessors());
            default -> throw new IllegalArgumentException("way " + name);
        };
    }
}
