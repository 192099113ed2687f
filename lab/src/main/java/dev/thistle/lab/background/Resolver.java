package dev.thistle.lab.background;

import dev.thistle.lab.host.Host;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Asks a name server for addresses, each time from a fresh port, as resolvers do against forged
/// answers (RFC 5452). So each question is a flow of its own.
public final class Resolver implements Activity {

    /// Resolvers of the usual C libraries wait five seconds; runs are short.
    private static final int PATIENCE_MILLIS = 2_000;

    private final Host host;
    private final InetSocketAddress server;
    private final Duration rest;
    private final RandomGenerator random;
    private final Chance chance;
    private final Tally tally = new Tally();
    private final Habit habit;

    /// Begins to ask.
    ///
    /// @param server a [NameServer]
    /// @param rest mean time between two questions
    /// @param random for this resolver alone
    public Resolver(Host host, InetSocketAddress server, Duration rest, RandomGenerator random) {
        this.host = host;
        this.server = server;
        this.rest = rest;
        this.random = random;
        chance = new Chance(random);
        habit = new Habit(host.name() + "-resolver", tally, this::askOne);
    }

    private void askOne() throws IOException, InterruptedException {
        String name = "www%d.example.org".formatted(random.nextInt(100_000));
        var question = new DnsMessage(random.nextInt(1 << 16), name, Optional.empty());
        try (DatagramChannel channel = host.datagrams(0)) {
            ByteBuffer out = question.write();
            tally.bytes(out.remaining());
            channel.send(out, server);
            Optional<DnsMessage> answer = receive(channel);
            boolean isAnswered =
                    answer.filter(message ->
                                    message.id() == question.id()
                                            && message.name().equals(name)
                                            && message.address().isPresent())
                            .isPresent();
            if (isAnswered) {
                tally.object();
            } else {
                tally.failure();
            }
        }
        Thread.sleep(chance.exponential(rest));
    }

    private Optional<DnsMessage> receive(DatagramChannel channel) throws IOException {
        var packet = new DatagramPacket(new byte[DnsMessage.MAX_BYTES], DnsMessage.MAX_BYTES);
        channel.socket().setSoTimeout(PATIENCE_MILLIS);
        try {
            channel.socket().receive(packet);
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        }
        tally.bytes(packet.getLength());
        return DnsMessage.read(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
    }

    @Override
    public Progress progress() {
        return tally.progress();
    }

    @Override
    public void close() {
        habit.close();
    }

    static void closeQuietly(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // Its descriptor is released all the same.
        }
    }
}
