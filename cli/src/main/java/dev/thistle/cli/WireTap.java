package dev.thistle.cli;

import dev.thistle.net.Link;
import dev.thistle.net.Listener;
import dev.thistle.net.Network;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/// Stands between clients and a server, forwards every byte and records it.
final class WireTap implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Network network;
    private final Listener listener;
    private final Recording requests = new Recording();
    private final Recording answers = new Recording();

    WireTap(Network network, InetSocketAddress listen) throws IOException {
        this.network = network;
        listener = network.listen(listen);
    }

    int port() {
        return listener.address().getPort();
    }

    /// Starts to forward.
    void forwardTo(InetSocketAddress server) {
        Thread.ofVirtual().name("tap").start(() -> accept(server));
    }

    /// What clients sent.
    byte[] requests() {
        return requests.bytes();
    }

    /// What the server answered.
    byte[] answers() {
        return answers.bytes();
    }

    private void accept(InetSocketAddress server) {
        try {
            while (true) {
                Link client = listener.accept();
                Link upstream = network.connect(server, PATIENCE);
                Thread.ofVirtual().start(() -> pump(client, upstream, requests));
                Thread.ofVirtual().start(() -> pump(upstream, client, answers));
            }
        } catch (IOException closed) {
            listener.close();
        }
    }

    private static void pump(Link from, Link to, Recording recording) {
        ByteBuffer bytes = ByteBuffer.allocate(16 * 1024);
        try {
            while (from.read(bytes.clear(), PATIENCE) >= 0) {
                recording.add(bytes.flip());
                to.write(bytes, PATIENCE);
            }
        } catch (IOException over) {
            // one side is gone, so the other goes too
        } finally {
            from.close();
            to.close();
        }
    }

    @Override
    public void close() {
        listener.close();
    }
}
