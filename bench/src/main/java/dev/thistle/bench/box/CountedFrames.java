package dev.thistle.bench.box;

import dev.thistle.isp.box.FrameSink;
import dev.thistle.isp.box.Frames;
import dev.thistle.isp.box.SocketFrames;
import dev.thistle.net.linux.PacketSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The links of a box that remember what they lost when they are closed: by then nobody else uses
/// the socket, so that asking it disturbs nothing.
final class CountedFrames implements Frames {

    private final SocketFrames links;
    private PacketSocket.@Nullable Counts counts;

    CountedFrames(SocketFrames links) {
        this.links = links;
    }

    @Override
    public void receive(long timeoutNanos, FrameSink into) throws IOException {
        links.receive(timeoutNanos, into);
    }

    @Override
    public void send(int port, ByteBuffer frame) {
        links.send(port, frame);
    }

    @Override
    public void flush() throws IOException {
        links.flush();
    }

    /// Of its whole life. To be asked by whoever closed it.
    PacketSocket.Counts counts() {
        if (counts == null) {
            throw new IllegalStateException("not closed yet");
        }
        return counts;
    }

    @Override
    public void close() throws IOException {
        if (counts == null) {
            counts = links.counts();
            links.close();
        }
    }
}
