package dev.thistle.lab.host;

import dev.thistle.isp.packet.Address;
import dev.thistle.isp.packet.Packet;
import dev.thistle.net.ClosedException;
import dev.thistle.net.linux.FrameBatch;
import dev.thistle.net.linux.PacketSocket;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A box that only forwards by destination address, but can be told to make one reset out of the
/// next segment with payload, towards its receiver. Checksums it does by itself.
public final class Passage implements Closeable {

    private static final int IP = 14;
    private static final int TARGET = IP + 16;
    private static final int TCP = IP + 20;
    private static final int FLAGS = TCP + 13;
    private static final int RST_ACK = 0x14;

    private final Map<Address, Integer> ports;
    private final Consumer<Packet> observer;
    private final PacketSocket socket;
    private final Thread thread = Thread.ofPlatform().name("passage").unstarted(this::forward);
    private final AtomicReference<@Nullable Address> victim = new AtomicReference<>();

    public Passage(Star star) throws IOException {
        this(star, _ -> {});
    }

    /// @param observer sees every packet of TCP and UDP, on the thread of the box
    public Passage(Star star, Consumer<Packet> observer) throws IOException {
        this.observer = observer;
        ports = star.ports();
        socket = PacketSocket.open(star.box());
        thread.start();
    }

    /// The next segment with data to this host also brings it a forged reset, right after it.
    public void resetNext(Host host) {
        victim.set(host.address());
    }

    private void forward() {
        var in = new FrameBatch(2048);
        var out = new FrameBatch(2048);
        try {
            while (true) {
                int count = socket.receive(in, 1_000_000_000);
                for (int i = 0; i < count; i++) {
                    pass(in.frame(i), out);
                    if (out.size() > FrameBatch.CAPACITY - 2) {
                        flush(out);
                    }
                }
                flush(out);
            }
        } catch (ClosedException _) {
            // the end
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void flush(FrameBatch out) throws IOException {
        socket.send(out);
        out.clear();
    }

    private void pass(ByteBuffer frame, FrameBatch out) {
        if (frame.limit() < TARGET + 4 || frame.getShort(12) != 0x0800) {
            return;
        }
        Address target = Address.v4(frame.getInt(TARGET));
        Integer port = ports.get(target);
        if (port == null) {
            return;
        }
        Packet packet = Packet.read(System.nanoTime(), frame.slice(IP, frame.limit() - IP));
        if (packet != null) {
            observer.accept(packet);
        }
        out.add(port, frame);
        int header = IP + 20 + 32;
        if (frame.get(IP + 9) == 6 && frame.limit() > header && target.equals(victim.get())) {
            victim.set(null);
            out.add(port, reset(frame));
        }
    }

    /// What would follow the segment, without payload and options, and with RST.
    private static ByteBuffer reset(ByteBuffer segment) {
        int headerBytes = (segment.get(TCP + 12) >> 4 & 0xF) * 4;
        int payload = segment.limit() - TCP - headerBytes;
        ByteBuffer forged = ByteBuffer.allocate(TCP + 20);
        forged.put(0, segment, 0, forged.limit());
        forged.putShort(IP + 2, (short) 40);
        forged.putInt(TCP + 4, segment.getInt(TCP + 4) + payload);
        forged.put(TCP + 12, (byte) (5 << 4));
        forged.put(FLAGS, (byte) RST_ACK);
        forged.putShort(IP + 10, (short) 0);
        forged.putShort(IP + 10, (short) ~sum(forged, IP, 20, 0));
        forged.putShort(TCP + 16, (short) 0);
        int pseudo = sum(forged, IP + 12, 8, 6 + 20);
        forged.putShort(TCP + 16, (short) ~sum(forged, TCP, 20, pseudo));
        return forged;
    }

    /// The internet checksum before it is inverted (RFC 1071); even lengths only.
    private static int sum(ByteBuffer bytes, int from, int length, int start) {
        int sum = start;
        for (int i = from; i < from + length; i += 2) {
            sum += Short.toUnsignedInt(bytes.getShort(i));
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return sum;
    }

    @Override
    public void close() {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
