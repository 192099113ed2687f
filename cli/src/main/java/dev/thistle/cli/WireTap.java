package dev.thistle.cli;

import dev.thistle.cli.Recordings.Recording;
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
    private final Recordings requests = new Recordings();
    private final Recordings answers = new Recordings();

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
    Recordings requests() {
        return requests;
    }

    /// What the server answered.
    Recordings answers() {
        return answers;
    }

    private void accept(InetSocketAddress server) {
        try {
            while (true) {
                Link client = listener.accept();
                Link upstream = network.connect(server, PATIENCE);
                Recording asked = requests.next();
                Recording answered = answers.next();
                Thread.ofVirtual().start(() -> pump(client, upstream, asked));
                Thread.ofVirtual().start(() -> pump(upstream, client, answered));
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
