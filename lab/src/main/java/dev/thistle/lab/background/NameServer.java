package dev.thistle.lab.background;

import dev.thistle.lab.host.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/// Answers questions for addresses over UDP. Every name has one, made from the name.
public final class NameServer implements Activity {

    private final DatagramChannel channel;
    private final Tally tally = new Tally();
    private final Habit habit;

    /// Starts to answer.
    ///
    /// @param port 53, or 0 for any free one
    public NameServer(Host host, int port) throws IOException {
        channel = host.datagrams(port);
        habit = new Habit(host.name() + "-names", tally, this::answerOne);
    }

    /// Where it listens.
    public int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private void answerOne() throws IOException {
        ByteBuffer in = ByteBuffer.allocate(DnsMessage.MAX_BYTES);
        SocketAddress asker = channel.receive(in);
        Optional<DnsMessage> question =
                DnsMessage.read(in.flip()).filter(message -> message.address().isEmpty());
        if (question.isEmpty()) {
            tally.failure();
            return;
        }
        ByteBuffer out = question.get().answer(question.get().name().hashCode()).write();
        tally.bytes(out.remaining());
        channel.send(out, asker);
        tally.object();
    }

    @Override
    public Progress progress() {
        return tally.progress();
    }

    /// Interrupting its thread closes the channel; closing it again does no harm.
    @Override
    public void close() {
        habit.close();
        Resolver.closeQuietly(channel);
    }
}
