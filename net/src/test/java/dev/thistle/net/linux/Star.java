package dev.thistle.net.linux;

import dev.thistle.net.ClosedException;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Two hosts on a box, and a thread that passes every IPv4 packet from one to the other.
final class Star implements Closeable {

    static final Inet4Address LEFT = Lab.address("10.64.0.1");
    static final Inet4Address RIGHT = Lab.address("10.128.0.1");

    private static final int LEFT_PORT = 101;
    private static final int RIGHT_PORT = 102;
    private static final int ETHER_TYPE = 12;
    private static final short IPV4 = 0x0800;

    final Namespace left = Namespace.create("left");
    final Namespace right = Namespace.create("right");
    final Namespace box = Namespace.create("box");
    final PacketSocket socket;

    private final Thread forwarder = Thread.ofPlatform().name("forwarder").unstarted(this::forward);
    private final List<String> wrong = new ArrayList<>();
    private int largest;

    Star(int mtu) throws IOException {
        VethPair.lay(
                List.of(
                        new VethPair(VethEnd.box(box, LEFT_PORT), VethEnd.host(left, LEFT), mtu),
                        new VethPair(
                                VethEnd.box(box, RIGHT_PORT), VethEnd.host(right, RIGHT), mtu)));
        socket = PacketSocket.open(box);
        forwarder.start();
    }

    private void forward() {
        var batch = new FrameBatch(65_536);
        try {
            while (true) {
                int count = socket.receive(batch, 1_000_000_000);
                for (int i = 0; i < count; i++) {
                    inspect(batch.frame(i));
                    batch.redirect(i, LEFT_PORT + RIGHT_PORT - batch.interfaceIndex(i));
                }
                socket.send(batch);
            }
        } catch (IOException e) {
            if (!(e instanceof ClosedException)) {
                wrong.add(e.getMessage());
            }
        }
    }

    /// What the offloads would spoil.
    private void inspect(ByteBuffer frame) {
        largest = Math.max(largest, frame.limit());
        if (frame.getShort(ETHER_TYPE) != IPV4) {
            wrong.add("no IPv4: %x".formatted(frame.getShort(ETHER_TYPE)));
        } else if (wrong.size() < 10 && !Checksums.areRight(frame.slice(14, frame.limit() - 14))) {
            wrong.add("checksum");
        }
    }

    /// Ends the forwarder.
    ///
    /// @return what it disliked
    List<String> finish() throws InterruptedException {
        socket.close();
        forwarder.join();
        return wrong;
    }

    int largest() {
        return largest;
    }

    @Override
    public void close() {
        socket.close();
        left.close();
        right.close();
        box.close();
    }
}
