package dev.thistle.net;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// A UDP port over a blocking [DatagramChannel]. The JDK's own timed receive parks a virtual
/// thread, so no sweeper is needed.
final class UdpDatagrams implements Datagrams {

    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final Consumer<UdpDatagrams> onClose;

    /// Takes over a bound channel.
    UdpDatagrams(DatagramChannel channel, Consumer<UdpDatagrams> onClose) throws IOException {
        this.channel = channel;
        this.local = (InetSocketAddress) channel.getLocalAddress();
        this.onClose = onClose;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public void send(ByteBuffer datagram, InetSocketAddress remote) throws IOException {
        try {
            var _ = channel.send(datagram, remote);
        } catch (IOException failed) {
            throw explain("sending to " + Addresses.text(remote), failed);
        }
    }

    @Override
    public Optional<InetSocketAddress> receive(ByteBuffer target, Duration patience)
            throws IOException {
        long deadline = Deadline.after(patience);
        var packet =
                target.hasArray()
                        ? new DatagramPacket(
                                target.array(),
                                target.arrayOffset() + target.position(),
                                target.remaining())
                        : new DatagramPacket(new byte[target.remaining()], target.remaining());
        try {
            // 0 would mean for ever.
            long millis = Math.ceilDiv(deadline - Deadline.now(), 1_000_000);
            channel.socket().setSoTimeout(Math.clamp(millis, 1, Integer.MAX_VALUE));
            channel.socket().receive(packet);
        } catch (SocketTimeoutException nothing) {
            return Optional.empty();
        } catch (IOException failed) {
            throw explain("receiving on " + Addresses.text(local), failed);
        }
        if (target.hasArray()) {
            target.position(target.position() + packet.getLength());
        } else {
            target.put(packet.getData(), 0, packet.getLength());
        }
        return Optional.of((InetSocketAddress) packet.getSocketAddress());
    }

    private IOException explain(String doing, IOException failed) {
        return channel.isOpen()
                ? new IOException("%s: %s".formatted(doing, failed.getMessage()), failed)
                : new ClosedException(doing + ": closed by this end");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // The port is released whatever close says.
        }
        onClose.accept(this);
    }

    @Override
    public String toString() {
        return "datagrams on " + Addresses.text(local);
    }
}
