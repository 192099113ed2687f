package dev.thistle.isp.box;

import dev.thistle.net.linux.FrameBatch;
import dev.thistle.net.linux.Namespace;
import dev.thistle.net.linux.PacketSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// All links that end in a network namespace, through one packet socket, a batch at a time.
@SuppressWarnings("exports") // namespaces are for those who are shown them
public final class SocketFrames implements Frames {

    private final PacketSocket socket;
    private final FrameBatch arrived;
    private final FrameBatch leaving;
    private @Nullable IOException failure;

    /// @param frameBytes the longest frame, Ethernet header included
    private SocketFrames(PacketSocket socket, int frameBytes) {
        this.socket = socket;
        arrived = new FrameBatch(frameBytes);
        leaving = new FrameBatch(frameBytes);
    }

    /// Opens the links of a namespace, those that it gets later included.
    ///
    /// @param mtuBytes of all links
    /// @throws IOException if the kernel refuses
    public static SocketFrames open(Namespace box, int mtuBytes) throws IOException {
        return new SocketFrames(PacketSocket.open(box), mtuBytes + Parcel.LINK_BYTES);
    }

    @Override
    public void receive(long timeoutNanos, FrameSink into) throws IOException {
        int count = socket.receive(arrived, timeoutNanos);
        for (int i = 0; i < count; i++) {
            into.accept(arrived.interfaceIndex(i), arrived.frame(i));
        }
    }

    @Override
    public void send(int port, ByteBuffer frame) {
        leaving.add(port, frame);
        if (leaving.isFull()) {
            sendAll();
        }
    }

    private void sendAll() {
        try {
            socket.send(leaving);
        } catch (IOException e) {
            failure = e;
        }
        leaving.clear();
    }

    @Override
    public void flush() throws IOException {
        if (leaving.size() > 0) {
            sendAll();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// What the socket has counted, such as frames that came faster than they were taken.
    ///
    /// @throws IOException if it is closed
    public PacketSocket.Counts counts() throws IOException {
        return socket.counts();
    }

    @Override
    public void close() {
        socket.close();
    }
}
